package dev.portcullis.seccomp.bpf;

import java.util.List;

/// The filters of one task.
///
/// @param newestFirst none means that no call is filtered
public record Filters(List<Program> newestFirst) {
  /// `SECCOMP_RET_ALLOW`.
  public static final int ALLOW = 0x7fff0000;

  /// A task without a filter.
  public static final Filters NONE = new Filters(List.of());

  public Filters {
    newestFirst = List.copyOf(newestFirst);
  }

  /// A task with one filter.
  public static Filters of(Program program) {
    return new Filters(List.of(program));
  }

  /// What the kernel does with a call: every filter runs, and the most severe value counts.
  public Verdict run(Call call) {
    int value = ALLOW;
    for (Program program : newestFirst) {
      value = Verdict.stronger(value, program.run(call));
    }
    return Verdict.of(value);
  }
}
