package dev.portcullis.seccomp.profile;

import dev.portcullis.documents.Position;
import java.util.List;

/// One entry of `syscalls`.
///
/// @param arguments all of them must hold
/// @param guard what only Docker looks at
/// @param comment what only people look at; empty where there is none
public record Rule(
    Position at,
    SyscallNames names,
    Outcome outcome,
    List<ArgumentCondition> arguments,
    RuleCondition guard,
    String comment) {

  public Rule {
    arguments = List.copyOf(arguments);
  }

  /// Whether it holds for every call of these names, on every machine.
  public boolean isUnconditional() {
    return arguments.isEmpty() && guard.isEmpty();
  }
}
