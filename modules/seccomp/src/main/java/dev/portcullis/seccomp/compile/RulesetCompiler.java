package dev.portcullis.seccomp.compile;

import dev.portcullis.seccomp.bpf.ProgramCheck;

/// Has libseccomp make filters. It does not end on every ruleset, and takes minutes for others, so
/// what asks for profiles of other people does it elsewhere, and for a limited time.
///
/// May be used by several threads at once.
@FunctionalInterface
public interface RulesetCompiler {
  /// Has one filter made.
  Answer compile(Ruleset ruleset);

  /// What came of it.
  sealed interface Answer {}

  /// libseccomp made a program.
  ///
  /// @param program as the kernel would check it
  record Made(ProgramCheck program) implements Answer {}

  /// libseccomp does not take the ruleset, nor will it at any other time.
  ///
  /// @param entry the index of the one that it does not take; negative where it is none of them
  record Refused(int entry, String reason) implements Answer {}

  /// It is not known what libseccomp would make: it did not finish, or the machine failed. Nothing
  /// may be concluded from it.
  ///
  /// @param reason as "libseccomp did not finish in 2 s"
  record Undecided(String reason) implements Answer {}
}
