package dev.portcullis.profiles.check;

import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.json.ReadingMode;
import dev.portcullis.seccomp.resolve.Target;
import dev.portcullis.seccomp.syscall.SyscallNamesCheck;
import dev.portcullis.seccomp.syscall.SyscallTable;

/// How far a check goes. Whether the text is a profile is looked at by each.
public sealed interface CheckLevel {

  /// Only what lets somebody have more than he should: of all profiles of a cluster, when one
  /// changes.
  record Dangers() implements CheckLevel {}

  /// Whatever the text says that is probably not meant, and whether the system calls exist: before
  /// a container is made.
  record Names(SyscallNamesCheck names) implements CheckLevel {}

  /// Also what runtimes take the text for, which of its parts only Docker understands, and what its
  /// filter does: for the author.
  ///
  /// @param mode how the text is read
  /// @param target what the filter is made for
  record Filter(
      ReadingMode mode,
      Target target,
      Dialect dialect,
      Compiler compiler,
      SyscallNamesCheck names,
      SyscallTable table)
      implements CheckLevel {}
}
