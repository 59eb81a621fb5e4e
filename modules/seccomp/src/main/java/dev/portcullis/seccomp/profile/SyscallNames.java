package dev.portcullis.seccomp.profile;

import java.util.List;

/// The system calls that a rule is about; at least one.
public record SyscallNames(Spelling spelling, List<SyscallName> list) {

  /// The field that holds them.
  public enum Spelling {
    /// `name`: a single one. Only Docker reads it; runc skips the whole rule in silence.
    NAME,
    /// `names`.
    NAMES
  }

  public SyscallNames {
    list = List.copyOf(list);
    if (list.isEmpty()) {
      throw new IllegalArgumentException("a rule without system calls");
    }
  }
}
