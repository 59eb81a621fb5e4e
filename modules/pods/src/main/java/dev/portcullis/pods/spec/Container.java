package dev.portcullis.pods.spec;

import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.object.FieldPath;
import org.jspecify.annotations.Nullable;

/// One container of a pod.
///
/// @param path `spec.containers[0]`
/// @param rights beside what its profile leaves it
/// @param seccomp its own `seccompProfile`; null where it has none
/// @param manifest the container as written, for those who run it
public record Container(
    String name,
    Kind kind,
    String path,
    Rights rights,
    @Nullable SeccompField seccomp,
    Mapping manifest) {

  /// The container as a place for what is wrong with it as a whole.
  public FieldPath field() {
    return new FieldPath(path, manifest.at());
  }

  /// Whether it may do everything; every runtime then drops its profile.
  public boolean privileged() {
    return rights.privileged();
  }

  /// Which list of the pod a container stands in.
  public enum Kind {
    /// `initContainers`: run to their end, one after the other, before the others start.
    INIT("initContainers", "init"),
    /// `containers`
    REGULAR("containers", "container"),
    /// `ephemeralContainers`: added to a running pod.
    EPHEMERAL("ephemeralContainers", "ephemeral");

    private final String list;
    private final String text;

    Kind(String list, String text) {
      this.list = list;
      this.text = text;
    }

    /// The field of the pod spec that holds them.
    public String list() {
      return list;
    }

    /// The word for it in results.
    public String text() {
      return text;
    }
  }
}
