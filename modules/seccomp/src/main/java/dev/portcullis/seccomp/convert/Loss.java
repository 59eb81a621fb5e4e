package dev.portcullis.seccomp.convert;

import dev.portcullis.documents.Position;

/// What the profile says and its conversion does not.
///
/// @param effect what that does to the calls that are allowed
public record Loss(Position at, Effect effect, String message) {
  /// To the calls that are allowed.
  public enum Effect {
    /// Fewer are.
    STRICTER,
    /// More are.
    WEAKER,
    /// The same are; what happens to the others differs.
    NEITHER
  }
}
