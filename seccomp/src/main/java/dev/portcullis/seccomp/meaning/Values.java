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

  /// Those whose upper 32 bits are in the one ranges, and the lower in the others.
  record Halves(List<Range> upper, List<Range> lower) implements Values {
    public Halves {
      upper = List.copyOf(upper);
      lower = List.copyOf(lower);
    }
  }

  /// Those with `(value & mask) == bits`.
  record Masked(long mask, long bits) implements Values {}

  /// Those with `(value & mask) != bits`.
  record NotMasked(long mask, long bits) implements Values {}
}
