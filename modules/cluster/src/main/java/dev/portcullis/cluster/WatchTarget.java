package dev.portcullis.cluster;

/// What is watched.
///
/// @param text what messages call the objects
public record WatchTarget(String text, Need need) {

  /// What it means where the API server has no such kind, or does not grant the right.
  public enum Need {
    /// Something is wrong.
    NEEDED,
    /// It is of a part of Portcullis that is not installed here.
    OPTIONAL
  }
}
