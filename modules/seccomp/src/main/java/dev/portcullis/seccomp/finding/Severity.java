package dev.portcullis.seccomp.finding;

/// What a finding means for the profile.
public enum Severity {
  /// The profile cannot be used.
  ERROR,
  /// The profile can be used, and probably does something else than its author thinks.
  WARNING,
  /// True and harmless.
  NOTE
}
