package dev.portcullis.seccomp.meaning;

import java.util.List;

/// Some of the values that an argument may have.
public sealed interface Values {

  /// Those in ranges.
  record Within(List<Range> ranges) implements Values {
    public Within {
      ranges = List.copyOf(ranges);
    }
  }

  /// Those whose lower 32 bits are in ranges, whatever the upper half is.
  record LowerHalf(List<Range> ranges) implements Values {
    public LowerHalf {
      ranges = List.copyOf(ranges);
    }
  }

  /// Those with `(value & mask) == bits`.
  record Masked(long mask, long bits) implements Values {}

  /// Those with `(value & mask) != bits`.
  record NotMasked(long mask, long bits) implements Values {}
}
