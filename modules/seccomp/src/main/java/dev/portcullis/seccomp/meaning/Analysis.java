package dev.portcullis.seccomp.meaning;

/// What came of a question about filters.
///
/// @param <T> the answer
public sealed interface Analysis<T> {

  /// They are understood, and the question has an answer.
  record Understood<T>(T answer) implements Analysis<T> {}

  /// What they do, or the answer, cannot be said within the {@link Bounds}. Nothing may be
  /// concluded from it.
  ///
  /// @param reason for people
  record Undecided<T>(String reason) implements Analysis<T> {}
}
