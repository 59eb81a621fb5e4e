package dev.portcullis.container.proof;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Spellings;
import java.util.List;

/// The filter that a process should have.
public sealed interface Expectation {

  /// No filter.
  Known UNCONFINED = new Known(List.of(Filters.NONE));

  /// It is known what filter that is.
  ///
  /// @param ways what each way of making a filter of the profile makes: which of them the runtime
  ///   takes is not asked, and one that fits will do
  /// @param spellings programs of the same meaning as one of the ways, which need no comparing
  record Known(List<Filters> ways, List<Spellings> spellings) implements Expectation {
    /// Where no other spelling is known.
    public Known(List<Filters> ways) {
      this(ways, List.of());
    }

    public Known {
      ways = List.copyOf(ways);
      spellings = List.copyOf(spellings);
      if (ways.isEmpty()) {
        throw new IllegalArgumentException("nothing is expected");
      }
    }
  }

  /// It is not known.
  record Unknown(String reason) implements Expectation {}
}
