package dev.portcullis.seccomp.runtime;

/// A runtime that reports its name and version, and the facts that are taken for it.
///
/// @param version as it reports it
/// @param from the first version for which these facts hold
/// @param certainty whether this version was read
/// @param nearest the version whose facts are taken where this one was not read: the newest, or the
///   oldest for what is older than it
public record RecognisedRuntime<F>(
    String name, String version, Version from, F facts, Certainty certainty, Version nearest) {

  /// How well a version is known.
  public enum Certainty {
    /// It was read, or is a patch release of one that was.
    READ,
    /// It is newer than what was read.
    NEWER,
    /// It is older than what was read.
    OLDER,
    /// It is not a readable version.
    UNREADABLE
  }

  /// A warning about an unknown version; empty for a known one.
  public String doubt() {
    return switch (certainty) {
      case READ -> "";
      case NEWER -> unknown("newer than the known versions");
      case OLDER -> unknown("older than the known versions");
      case UNREADABLE -> unknown("not a readable version");
    };
  }

  private String unknown(String why) {
    return "unknown version: "
        + version
        + " is "
        + why
        + "; the facts of "
        + nearest.text()
        + " are used";
  }
}
