package dev.portcullis.seccomp.syscall;

import dev.portcullis.seccomp.finding.Finding;
import java.util.List;

/// What came of asking whether the system calls of a profile exist.
public sealed interface NameCheck {

  /// libseccomp was asked.
  ///
  /// @param findings at most two warnings: the calls that are newer, and the unknown names
  record Checked(List<Finding> findings) implements NameCheck {
    public Checked {
      findings = List.copyOf(findings);
    }
  }

  /// There was no libseccomp to ask; nothing is known about the names.
  ///
  /// @param reason why, and what to do
  record NotChecked(String reason) implements NameCheck {}
}
