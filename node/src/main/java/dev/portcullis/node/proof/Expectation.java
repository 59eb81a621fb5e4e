package dev.portcullis.node.proof;

import dev.portcullis.seccomp.bpf.Filters;
import java.util.List;

/// The filter that a process should have.
public sealed interface Expectation {

  /// No filter.
  Known UNCONFINED = new Known(List.of(Filters.NONE));

  /// It is known what filter that is.
  ///
  /// @param ways what each way of making a filter of the profile makes: which of them the runtime
  ///   takes is not asked, and one that fits will do
  record Known(List<Filters> ways) implements Expectation {
    public Known {
      ways = List.copyOf(ways);
      if (ways.isEmpty()) {
        throw new IllegalArgumentException("nothing is expected");
      }
    }
  }

  /// It is not known.
  record Unknown(String reason) implements Expectation {}
}
