package dev.portcullis.seccomp.meaning;

import java.util.Arrays;

/// Numbers by pairs of numbers, none of them negative: a hash table of ints, which takes a fifth of
/// the memory of one of objects.
final class IntTable {
  private static final long EMPTY = -1;

  private final int most;
  private long[] keys = new long[1 << 8];
  private int[] values = new int[1 << 8];
  private int size;

  /// @param most how many there may be
  IntTable(int most) {
    this.most = most;
    Arrays.fill(keys, EMPTY);
  }

  /// -1 where there is none.
  int get(int a, int b) {
    int slot = slot(keys, key(a, b));
    return keys[slot] == EMPTY ? -1 : values[slot];
  }

  /// Adds one that is not there yet.
  void put(int a, int b, int value) {
    if (size == most) {
      throw new TooComplexException("more than " + most + " parts of it differ");
    }
    if (2 * ++size > keys.length) {
      grow();
    }
    int slot = slot(keys, key(a, b));
    keys[slot] = key(a, b);
    values[slot] = value;
  }

  private void grow() {
    long[] more = new long[2 * keys.length];
    int[] moved = new int[more.length];
    Arrays.fill(more, EMPTY);
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != EMPTY) {
        int slot = slot(more, keys[i]);
        more[slot] = keys[i];
        moved[slot] = values[i];
      }
    }
    keys = more;
    values = moved;
  }

  private static long key(int a, int b) {
    return (long) a << 32 | b;
  }

  private static int slot(long[] keys, long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    int mask = keys.length - 1;
    int slot = (int) (mixed >>> 40) & mask;
    while (keys[slot] != EMPTY && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
