package dev.portcullis.seccomp.bpf;

/// What came of checking a program by the kernel's rules.
public sealed interface ProgramCheck {
  record Accepted(Program program) implements ProgramCheck {}

  /// The kernel would answer EINVAL.
  ///
  /// @param at the index of the instruction, from 0
  /// @param reason which rule is broken
  record Refused(int at, String reason) implements ProgramCheck {
    @Override
    public String toString() {
      return "instruction " + at + ": " + reason;
    }
  }
}
