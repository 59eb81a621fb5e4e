package dev.portcullis.admission.ruling;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.resolve.ProfileResolver;
import dev.portcullis.pods.resolve.RequestedProfile;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import org.jspecify.annotations.Nullable;

/// The profiles of a pod for kubelets that read fields and nothing else.
final class FieldProfile {
  private FieldProfile() {}

  /// The profile that a container's field, else the pod's field, names; null for none, which is
  /// unconfined unless the kubelet has `--seccomp-default`.
  static @Nullable ProfileName of(Pod pod, Container container) {
    return ProfileResolver.requested(pod.withoutAnnotations(), container)
            instanceof RequestedProfile.Named(_, _, ProfileText.Named(ProfileName name))
        ? name
        : null;
  }
}
