package dev.portcullis.seccomp.meaning;

import java.util.List;

/// Some of the values that an argument may have.
public sealed interface ArgumentValues {

  /// Those in ranges.
  record Within(List<Range> ranges) implements ArgumentValues {
    public Within {
      ranges = List.copyOf(ranges);
    }
  }

  /// Those whose upper 32 bits are in the one ranges, and the lower in the others.
  record Halves(List<Range> upper, List<Range> lower) implements ArgumentValues {
    public Halves {
      upper = List.copyOf(upper);
      lower = List.copyOf(lower);
    }
  }

  /// Those with `(value & mask) == bits`.
  record Masked(long mask, long bits) implements ArgumentValues {}

  /// Those with `(value & mask) != bits`.
  record NotMasked(long mask, long bits) implements ArgumentValues {}
}
