package dev.portcullis.seccomp.finding;

import dev.portcullis.documents.Position;

/// Something to say about a profile.
///
/// @param at where in the file, or {@link Position#NONE} where it is not about one place
/// @param message what was found and what to do, without the file's name
public record Finding(Problem problem, Position at, String message) {

  /// How bad it is by itself; a caller that knows the runtime may judge otherwise.
  public Severity severity() {
    return problem.severity();
  }

  /// One line for people: place, message, id.
  @Override
  public String toString() {
    return (at.equals(Position.NONE) ? "" : at + ": ") + message + " [" + problem.id() + "]";
  }
}
