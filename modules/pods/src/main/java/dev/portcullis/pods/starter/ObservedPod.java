package dev.portcullis.pods.starter;

import dev.portcullis.pods.decide.Judgement;

/// A pod that runs, or would, and where it stands.
///
/// @param judgement by {@link StarterPolicies#everythingAllowed}
/// @param place for people: a file and a line
public record ObservedPod(Judgement judgement, String place) {

  /// Its kind, namespace and name, and its place.
  public String text() {
    return judgement.pod().identity().kind()
        + " "
        + judgement.namespace()
        + "/"
        + judgement.pod().identity().name()
        + (place.isEmpty() ? "" : " (" + place + ")");
  }
}
