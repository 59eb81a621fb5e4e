package dev.portcullis.documents;

import org.jspecify.annotations.Nullable;

/// One string for each key, as far as it is remembered: the objects of Kubernetes have the same
/// hundred keys over and over, which were a fifth of the memory of what was read.
final class Keys {
  private static final int SLOTS = 512;

  /// No documents of somebody else's are kept here for long.
  private static final int LONGEST = 64;

  // Without a lock: strings never change, and a slot that another thread has just overwritten costs
  // a string more.
  private static final @Nullable String[] SEEN = new String[SLOTS];

  private Keys() {}

  static String shared(String key) {
    if (key.length() > LONGEST) {
      return key;
    }
    int slot = key.hashCode() & (SLOTS - 1);
    String seen = SEEN[slot];
    if (seen != null && seen.equals(key)) {
      return seen;
    }
    SEEN[slot] = key;
    return key;
  }
}
