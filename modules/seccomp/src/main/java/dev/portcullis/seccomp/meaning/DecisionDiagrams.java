package dev.portcullis.seccomp.meaning;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import java.util.function.Supplier;

/// Ordered decision diagrams over the bits of a call (Bryant 1986), with truth values or numbers at
/// their ends.
///
/// A diagram is the index of a node. Every node is made once, and none has two equal branches, so
/// two diagrams say the same if and only if they are the same number: equality of functions is
/// equality of ints.
final class DecisionDiagrams {
  static final int FALSE = 0;
  static final int TRUE = 1;

  /// The level of what is no question but an answer: below all others.
  static final int END = VariableOrder.LEVELS;

  private static final int CACHE = 1 << 15;

  final VariableOrder order;
  private final Bounds bounds;

  /// How many there may be now.
  private int mostNodes;

  private int[] level = new int[1 << 14];
  private int[] low = new int[1 << 14];
  private int[] high = new int[1 << 14];
  private int[] table = new int[1 << 15];
  private int size;
  private int steps;
  private int looks;
  private final Map<Integer, Integer> numbers = new HashMap<>();
  private final int[] cacheKey = new int[3 * CACHE];
  private final int[] cacheValue = new int[CACHE];

  DecisionDiagrams(VariableOrder order, Bounds bounds) {
    this.order = order;
    this.bounds = bounds;
    mostNodes = bounds.nodes();
    Arrays.fill(table, -1);
    Arrays.fill(cacheKey, -1);
    append(END, 0, 0);
    append(END, 1, 1);
  }

  int level(int node) {
    return level[node];
  }

  /// Where it goes if its bit is 0.
  int low(int node) {
    return low[node];
  }

  /// Where it goes if its bit is 1.
  int high(int node) {
    return high[node];
  }

  boolean isEnd(int node) {
    return level[node] == END;
  }

  /// The end with a number.
  int number(int value) {
    return numbers.computeIfAbsent(value, each -> append(END, each, each));
  }

  /// The number at an end.
  int numberAt(int end) {
    return low[end];
  }

  /// Whether a bit is 1.
  int bit(int word, int bit) {
    return node(order.level(word, bit), FALSE, TRUE);
  }

  /// A question and its two ways on, both of which ask later questions only.
  int node(int at, int ifZero, int ifOne) {
    if (ifZero == ifOne) {
      return ifZero;
    }
    int mask = table.length - 1;
    int slot = hash(at, ifZero, ifOne) & mask;
    while (true) {
      int node = table[slot];
      if (node < 0) {
        break;
      }
      if (level[node] == at && low[node] == ifZero && high[node] == ifOne) {
        return node;
      }
      slot = (slot + 1) & mask;
    }
    int node = append(at, ifZero, ifOne);
    table[slot] = node;
    if (size * 2 > table.length) {
      rehash();
    }
    return node;
  }

  private int append(int at, int ifZero, int ifOne) {
    if (size >= mostNodes) {
      throw new TooComplexException("its decision diagram has more than " + mostNodes + " nodes");
    }
    if (size == level.length) {
      level = Arrays.copyOf(level, 2 * size);
      low = Arrays.copyOf(low, 2 * size);
      high = Arrays.copyOf(high, 2 * size);
    }
    level[size] = at;
    low[size] = ifZero;
    high[size] = ifOne;
    return size++;
  }

  private void rehash() {
    table = new int[2 * table.length];
    Arrays.fill(table, -1);
    int mask = table.length - 1;
    for (int node = 0; node < size; node++) {
      if (level[node] != END) {
        int slot = hash(level[node], low[node], high[node]) & mask;
        while (table[slot] >= 0) {
          slot = (slot + 1) & mask;
        }
        table[slot] = node;
      }
    }
  }

  private static int hash(int a, int b, int c) {
    int hash = a * 0x9E3779B1 + b * 0x85EBCA6B + c * 0xC2B2AE35;
    return hash ^ (hash >>> 15);
  }

  /// What `then` says where `condition` holds, and what `otherwise` says elsewhere.
  int choose(int condition, int then, int otherwise) {
    if (condition == TRUE || then == otherwise) {
      return then;
    }
    if (condition == FALSE) {
      return otherwise;
    }
    if (then == TRUE && otherwise == FALSE) {
      return condition;
    }
    int asked = level[condition];
    if (low[condition] == FALSE
        && high[condition] == TRUE
        && asked < level[then]
        && asked < level[otherwise]) {
      // One question, which comes before all others.
      return node(asked, otherwise, then);
    }
    int slot = hash(condition, then, otherwise) & (CACHE - 1);
    if (cacheKey[3 * slot] == condition
        && cacheKey[3 * slot + 1] == then
        && cacheKey[3 * slot + 2] == otherwise) {
      return cacheValue[slot];
    }
    step();
    int top = Math.min(level[condition], Math.min(level[then], level[otherwise]));
    int result =
        node(
            top,
            choose(below(condition, top, 0), below(then, top, 0), below(otherwise, top, 0)),
            choose(below(condition, top, 1), below(then, top, 1), below(otherwise, top, 1)));
    cacheKey[3 * slot] = condition;
    cacheKey[3 * slot + 1] = then;
    cacheKey[3 * slot + 2] = otherwise;
    cacheValue[slot] = result;
    return result;
  }

  int and(int a, int b) {
    return choose(a, b, FALSE);
  }

  int or(int a, int b) {
    return choose(a, TRUE, b);
  }

  int not(int a) {
    return choose(a, FALSE, TRUE);
  }

  int xor(int a, int b) {
    return choose(a, not(b), b);
  }

  /// The diagram after the answer to a question, which need not be its first.
  int below(int node, int at, int answer) {
    return level[node] != at ? node : answer == 0 ? low[node] : high[node];
  }

  /// The diagram after the bits of a word have been answered, from a level on.
  int below(int node, int first, int bits, int value) {
    int now = node;
    for (int i = 0; i < bits; i++) {
      now = below(now, first + i, (value >>> (bits - 1 - i)) & 1);
    }
    return now;
  }

  /// Puts two diagrams with numbers together, end by end.
  int combine(int a, int b, IntBinaryOperator ends) {
    return combine(a, b, ends, false, new IntTable(bounds.nodes() / 2));
  }

  /// The same for what differs: {@link #FALSE} where both are one.
  int differ(int a, int b, IntBinaryOperator ends) {
    return combine(a, b, ends, true, new IntTable(bounds.nodes() / 2));
  }

  private int combine(int a, int b, IntBinaryOperator ends, boolean sameIsFalse, IntTable done) {
    if (sameIsFalse && a == b) {
      return FALSE;
    }
    if (isEnd(a) && isEnd(b)) {
      return ends.applyAsInt(a, b);
    }
    int known = done.get(a, b);
    if (known >= 0) {
      return known;
    }
    step();
    int top = Math.min(level[a], level[b]);
    int result =
        node(
            top,
            combine(below(a, top, 0), below(b, top, 0), ends, sameIsFalse, done),
            combine(below(a, top, 1), below(b, top, 1), ends, sameIsFalse, done));
    done.put(a, b, result);
    return result;
  }

  /// Counts work, so that no filter takes for ever.
  void step() {
    if (++steps > bounds.steps()) {
      throw new TooComplexException(
          "it takes more than " + bounds.steps() + " steps to understand");
    }
  }

  /// Counts nodes that are looked at, for the same reason.
  void look() {
    if (++looks > bounds.looks()) {
      throw new TooComplexException("it takes more than " + bounds.looks() + " steps to describe");
    }
  }

  /// Bounds what is listed.
  void requireFew(int ways) {
    if (ways >= bounds.ways()) {
      throw new TooComplexException("more than " + bounds.ways() + " different actions");
    }
  }

  Bounds bounds() {
    return bounds;
  }

  /// What has more than one way to be said: the first, unless it takes more than a few nodes; of
  /// all that there may be, a quarter is left for what has not.
  <T> T within(int few, Supplier<T> first, Supplier<T> otherwise) {
    int before = mostNodes;
    mostNodes = Math.min(size + few, bounds.nodes() / 4 * 3);
    try {
      return first.get();
    } catch (TooComplexException tooComplex) {
      mostNodes = before;
      return otherwise.get();
    } finally {
      mostNodes = before;
    }
  }
}
