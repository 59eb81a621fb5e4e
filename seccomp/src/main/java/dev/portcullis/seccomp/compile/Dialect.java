package dev.portcullis.seccomp.compile;

/// Which runtime's way of calling libseccomp.
public enum Dialect {
  /// runc 1.1: a binary tree for more than 32 rules, and a prologue that answers ENOSYS to calls
  /// that are newer than the profile.
  RUNC,
  /// crun 1.8: libseccomp's program as it is.
  CRUN
}
