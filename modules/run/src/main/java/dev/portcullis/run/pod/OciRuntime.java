package dev.portcullis.run.pod;

import dev.portcullis.seccomp.finding.Problem;
import java.util.Set;

/// What is known of the program that makes the containers: it decides which warnings about a
/// profile are refusals.
public enum OciRuntime {
  /// runc, as the private containerd uses it.
  RUNC,
  /// Another, or one that cannot be known from here.
  UNKNOWN;

  /// runc refuses these itself, but once the pod is half made, and without a place in the file.
  private static final Set<Problem> REFUSED_BY_RUNC =
      Set.of(
          Problem.RUNC_REFUSES_FLAGS, Problem.RUNC_REFUSES_ARCHITECTURE, Problem.NOTIFY_UNUSABLE);

  boolean refuses(Problem problem) {
    return switch (this) {
      case RUNC -> REFUSED_BY_RUNC.contains(problem);
      case UNKNOWN -> false;
    };
  }
}
