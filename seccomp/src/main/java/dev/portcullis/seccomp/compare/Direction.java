package dev.portcullis.seccomp.compare;

import dev.portcullis.seccomp.bpf.Verdict;

/// What a difference means for the first filter.
public enum Direction {
  WEAKER,
  STRICTER,
  /// As severe, with another errno or message.
  DATA;

  static Direction of(Verdict mine, Verdict theirs) {
    if (mine.isStricterThan(theirs)) {
      return STRICTER;
    }
    return theirs.isStricterThan(mine) ? WEAKER : DATA;
  }
}
