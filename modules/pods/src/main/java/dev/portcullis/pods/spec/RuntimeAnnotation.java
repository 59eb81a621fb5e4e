package dev.portcullis.pods.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Annotations of a pod that some runtime obeys, and by which a container runs under another filter
/// than that of its profile, or under none. Runtimes let them through by their configuration or by
/// their age, which cannot be seen from a pod: anyone who writes one asks for whatever filter there
/// is.
///
/// The list is this one, for admission and for nodes. It has what changes the filter, and nothing
/// else that a runtime takes from annotations.
///
/// @param key the beginning of the annotation's key: runtimes compare beginnings, too
/// @param kind what it does
/// @param effect the same in words, to follow "with it"; that the profile which the pod names does
///   not count is added by the code that uses this
public record RuntimeAnnotation(String key, Kind kind, String effect) {
  /// What such an annotation does.
  public enum Kind {
    /// Its author chooses the filter, or who decides about calls. Where it is loaded before rights
    /// are dropped, he chooses them, too ({@link Rights}).
    FILTER,
    /// Its author chooses the profile, whose filter the OCI runtime may keep for containers with
    /// other profiles: it has no last rule that tells them apart.
    PROFILE,
    /// A container is restored, with the filters and the rights that it had.
    CHECKPOINT,
    /// The runtime, or its administrator, makes something else of the container.
    RUNTIME
  }

  private static final String CHECKPOINT =
      "the runtime restores a container from a checkpoint, with the filters of the checkpoint";
  private static final String ARTIFACT = "CRI-O takes the profile from a registry";
  private static final String NOTIFIER = "CRI-O changes what the profile denies";

  private static final List<RuntimeAnnotation> ALL =
      List.of(
          // crun(1): bpf_data replaces the whole profile; receiver and plugins decide about calls;
          // the handler krun runs the container on a kernel of its own. All that begin with
          // run.oci. were let through by CRI-O before 1.27.6, 1.28.6 and 1.29.4 (CVE-2024-3154),
          // and are by containerd where pod_annotations of its configuration names them.
          new RuntimeAnnotation(
              "run.oci.seccomp",
              Kind.FILTER,
              "crun takes the filter, or the process that decides calls, from the annotation"),
          new RuntimeAnnotation(
              "run.oci.handler", Kind.RUNTIME, "crun runs the container with another handler"),
          // CRI-O, pkg/annotations and pkg/annotations/v2: the old and the new spelling of each.
          new RuntimeAnnotation("seccomp-profile.kubernetes.cri-o.io", Kind.PROFILE, ARTIFACT),
          new RuntimeAnnotation("seccomp-profile.crio.io", Kind.PROFILE, ARTIFACT),
          new RuntimeAnnotation(
              "io.kubernetes.cri-o.seccompNotifierAction", Kind.RUNTIME, NOTIFIER),
          new RuntimeAnnotation("seccomp-notifier-action.crio.io", Kind.RUNTIME, NOTIFIER),
          // The path of the program that makes the container.
          new RuntimeAnnotation(
              "io.kubernetes.cri-o.PlatformRuntimePath",
              Kind.RUNTIME,
              "CRI-O uses another OCI runtime"),
          new RuntimeAnnotation(
              "platform-runtime-path.crio.io", Kind.RUNTIME, "CRI-O uses another OCI runtime"),
          // They are meant for images (checkpointctl's lib/metadata, CRI-O, containerd from 2.1):
          // a pod has no honest use for them.
          new RuntimeAnnotation("org.criu.", Kind.CHECKPOINT, CHECKPOINT),
          new RuntimeAnnotation(
              "io.kubernetes.cri-o.annotations.checkpoint.", Kind.CHECKPOINT, CHECKPOINT));

  /// All of them.
  public static List<RuntimeAnnotation> all() {
    return ALL;
  }

  /// The one that a key belongs to; null for every other annotation.
  public static @Nullable RuntimeAnnotation of(String key) {
    for (RuntimeAnnotation each : ALL) {
      if (key.startsWith(each.key)) {
        return each;
      }
    }
    return null;
  }
}
