package dev.portcullis.seccomp.resolve;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Rule;
import dev.portcullis.seccomp.profile.RuleCondition;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.profile.SyscallNames;
import java.util.List;

/// A rule that holds on the machine and for the container of a {@link ResolvedProfile}.
///
/// @param names at least one
/// @param arguments all of them must hold
/// @param comment what only people look at; empty where there is none
public record ResolvedRule(
    Position at,
    List<SyscallName> names,
    Outcome outcome,
    List<ArgumentCondition> arguments,
    String comment) {

  public ResolvedRule {
    names = List.copyOf(names);
    arguments = List.copyOf(arguments);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("a rule without system calls");
    }
  }

  /// A rule of which the condition is decided: it holds.
  static ResolvedRule of(Rule rule) {
    return new ResolvedRule(
        rule.at(), rule.names().list(), rule.outcome(), rule.arguments(), rule.comment());
  }

  /// The same in the form of a written profile.
  public Rule written() {
    return new Rule(
        at,
        new SyscallNames(SyscallNames.Spelling.NAMES, names),
        outcome,
        arguments,
        RuleCondition.NONE,
        comment);
  }
}
