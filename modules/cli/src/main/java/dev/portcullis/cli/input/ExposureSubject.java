package dev.portcullis.cli.input;

import dev.portcullis.documents.Position;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.profiles.exposure.Privileges;

/// A container that is asked about, or a profile or a process in the place of one.
///
/// @param name for people: `default/web app`, or the operand
/// @param place where it stands
/// @param profile the name of its profile, or the operand
/// @param reason why it has this profile: a word of `check`; empty where it was named itself
/// @param privileges beside what its filter leaves it
public record ExposureSubject(
    String name,
    Place place,
    String profile,
    String reason,
    Privileges privileges,
    SubjectFilter filter) {

  /// Where a container stands.
  ///
  /// @param file empty where it is in none: a process, or a profile that is not a file
  /// @param at {@link Position#NONE} where it is not a file of manifests
  /// @param inCluster whether it runs in a cluster, for which `file` stands then
  public record Place(String file, Position at, boolean inCluster) {
    static final Place NONE = new Place("", Position.NONE, false);

    static Place of(JudgedPod pod, Container container) {
      return new Place(pod.file(), container.manifest().at(), pod.inCluster());
    }
  }

  /// The built-in default that stands for the profile of a container; empty where none does.
  public String builtIn() {
    return !reason.isEmpty()
            && filter instanceof SubjectFilter.Known(_, FilterOrigin origin)
            && origin != null
            && BuiltInDefaultArgument.isOne(origin.operand())
        ? origin.operand()
        : "";
  }

  /// The profile for people: `runtime/default (containerd/default@1.7.24)`.
  public String profileLabel() {
    return builtIn().isEmpty() ? profile : profile + " (" + builtIn() + ")";
  }

  /// The file, or the operand that is none.
  public String source() {
    return place.file().isEmpty() ? name : place.file();
  }
}
