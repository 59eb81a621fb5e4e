package dev.portcullis.seccomp.compile;

import java.util.List;

/// What libseccomp is told to make one filter of: a profile without names, places and whatever else
/// only people need. All numbers are those of libseccomp's header.
///
/// @param defaultAction `SCMP_ACT_*`
/// @param architectures tokens, beside the machine's own
/// @param tree whether a binary tree is asked for, where the library can make one
/// @param entries in the order in which they are added
public record Ruleset(
    int defaultAction, List<Integer> architectures, boolean tree, List<Entry> entries) {
  public Ruleset {
    architectures = List.copyOf(architectures);
    entries = List.copyOf(entries);
  }

  /// One rule.
  ///
  /// @param action `SCMP_ACT_*`
  /// @param number that of the call on this machine's architecture, or a negative one that
  ///   libseccomp has for a call of other architectures
  /// @param conditions which must all hold
  public record Entry(int action, int number, List<Condition> conditions) {
    public Entry {
      conditions = List.copyOf(conditions);
    }
  }

  /// A condition on an argument: `struct scmp_arg_cmp`.
  ///
  /// @param operator of `enum scmp_compare`
  public record Condition(int argument, int operator, long first, long second) {}
}
