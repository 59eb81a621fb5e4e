package dev.portcullis.pods.expectation;

import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.KubernetesObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an author of policies expects to become of one pod.
///
/// @param label its name, or its place in the list
/// @param field the case, with its place
/// @param user who creates the object
/// @param groups of the user; `system:authenticated` need not be among them
/// @param namespace the one that the object is created in; null for the object's own
public record PolicyCase(
    String label,
    FieldPath field,
    Manifest manifest,
    String user,
    List<String> groups,
    @Nullable String namespace,
    Expected expected) {
  public PolicyCase {
    groups = List.copyOf(groups);
  }

  /// Where the pod, or the workload, stands.
  public sealed interface Manifest {}

  /// In the case.
  public record Inline(FieldPath field, KubernetesObject object) implements Manifest {}

  /// In another file.
  ///
  /// @param path as written
  /// @param object `Kind/name`, or a name; null where the file has one only
  public record InFile(FieldPath field, String path, @Nullable String object) implements Manifest {}

  /// The expected result.
  ///
  /// @param field the one that says so
  /// @param containers what is expected of some of the containers
  public record Expected(FieldPath field, boolean allowed, List<ContainerExpected> containers) {
    public Expected {
      containers = List.copyOf(containers);
    }

    /// `allowed` or `refused`.
    public String text() {
      return word(allowed);
    }
  }

  /// What is expected of one container.
  ///
  /// @param profile the name of its profile; null where it does not matter
  /// @param policy the one that allows it; null where it does not matter
  public record ContainerExpected(
      FieldPath field, String name, @Nullable String profile, @Nullable String policy) {}

  static String word(boolean allowed) {
    return allowed ? "allowed" : "refused";
  }
}
