package dev.portcullis.seccomp.compile;

/// Which runtime's way of calling libseccomp. What differs between their versions is in none of
/// their interfaces; it was read in their sources, and is held by tests with the ones that are
/// installed.
public enum Dialect {
  /// runc 1.1.15, 1.2.0 and later: a prologue that answers ENOSYS to calls that are newer than the
  /// profile, on the architectures that it lists and on the machine's own; from 1.2.0 on a binary
  /// tree for more than 32 rules, which means the same.
  RUNC,
  /// runc 1.0.0 to 1.1.14: the prologue is for the listed architectures alone.
  RUNC_1_1,
  /// crun 1.0 to 1.29: libseccomp's program as it is.
  CRUN
}
