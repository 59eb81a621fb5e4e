package dev.portcullis.cli.result;

import dev.portcullis.kernel.process.SeccompState;
import org.jspecify.annotations.Nullable;

/// What the kernel reports about a process, in a cell of a table.
public final class KernelWords {
  private KernelWords() {}

  public static String of(@Nullable SeccompState state) {
    if (state == null) {
      return "-";
    }
    Integer filters = state.filters();
    return switch (state.mode()) {
      case DISABLED -> "Seccomp: 0 (no filter)";
      case STRICT -> "Seccomp: 1 (strict)";
      case FILTER ->
          "Seccomp: 2"
              + (filters == null ? "" : " (" + filters + (filters == 1 ? " filter)" : " filters)"));
    };
  }
}
