package dev.portcullis.seccomp.runtime;

/// What a container runtime makes of the names of capabilities in CRI, which has them without
/// `CAP_`, while people write both.
public enum CapabilityPrefix {
  /// It puts `CAP_` before every name. What is written with it is no capability then: nothing is
  /// added by it, and nothing dropped.
  ALWAYS,
  /// It puts `CAP_` before a name that lacks it.
  WHERE_IT_LACKS,
  /// It is not known.
  UNKNOWN
}
