package dev.portcullis.node.pod;

import dev.portcullis.seccomp.finding.Problem;
import java.util.EnumSet;
import java.util.Set;

/// What is known of the program that makes the containers: it decides which warnings about a
/// profile are refusals.
public enum OciRuntime {
  /// runc as the private containerd uses it. It would refuse these profiles itself, once the pod is
  /// half made and without a place in the file.
  RUNC(
      EnumSet.of(
          Problem.RUNC_REFUSES_FLAGS, Problem.RUNC_REFUSES_ARCHITECTURE, Problem.NOTIFY_UNUSABLE)),
  /// Another, or one that cannot be known from here.
  UNKNOWN(EnumSet.noneOf(Problem.class));

  private final Set<Problem> refused;

  OciRuntime(Set<Problem> refused) {
    this.refused = refused;
  }

  boolean refuses(Problem problem) {
    return refused.contains(problem);
  }
}
