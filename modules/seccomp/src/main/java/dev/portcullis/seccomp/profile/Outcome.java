package dev.portcullis.seccomp.profile;

import dev.portcullis.documents.Position;
import org.jspecify.annotations.Nullable;

/// An action with its `errnoRet`.
///
/// @param errno null where it is not written; {@link #effectiveErrno} says what runs then
public record Outcome(Position at, Action action, @Nullable Integer errno) {
  private static final int EPERM = 1;

  /// The value that the runtimes put into the filter; 0 where the action has none.
  public int effectiveErrno() {
    if (!action.takesErrno()) {
      return 0;
    }
    return errno == null ? EPERM : errno;
  }

  /// Whether the kernel does the same for both.
  public boolean sameAs(Outcome other) {
    return action.sameAs(other.action) && effectiveErrno() == other.effectiveErrno();
  }
}
