package dev.portcullis.cli.input;

import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.resolve.Origin;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.profiles.record.PodRecord;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What a closed default of a cluster concerns.
///
/// @param base the profile that it was made of, as it was given
/// @param policies the objects among which policies may be; none where none were given
/// @param noPolicies whether no source of policies was given
/// @param restarted pods that get the default because they name no profile
/// @param written pods into which the webhook may have written `runtime/default`, where their
///   authors may have named it
/// @param named pods whose authors name `runtime/default`
public record ClosedDefault(
    String base,
    List<KubernetesObject> policies,
    boolean noPolicies,
    List<String> restarted,
    List<String> written,
    List<String> named) {
  public ClosedDefault {
    policies = List.copyOf(policies);
    restarted = List.copyOf(restarted);
    written = List.copyOf(written);
    named = List.copyOf(named);
  }

  /// By the pods that were given.
  public static ClosedDefault of(
      String base, List<KubernetesObject> policies, boolean noPolicies, List<JudgedPod> pods) {
    List<String> restarted = new ArrayList<>();
    List<String> written = new ArrayList<>();
    List<String> named = new ArrayList<>();
    for (JudgedPod pod : pods) {
      Set<Writer> writers = EnumSet.noneOf(Writer.class);
      for (ContainerDecision decision : pod.judgement().containers()) {
        if (decision instanceof ContainerDecision.WithProfile container
            && container.profile().equals(ProfileName.RUNTIME_DEFAULT)
            && !container.container().privileged()) {
          writers.add(writer(container.origin(), pod.judgement().pod()));
        }
      }
      String name = ExposureSubjects.podName(pod);
      if (writers.contains(Writer.NOBODY)) {
        restarted.add(name);
      } else if (writers.contains(Writer.WEBHOOK)) {
        written.add(name);
      }
      if (writers.contains(Writer.AUTHOR)) {
        named.add(name);
      }
    }
    return new ClosedDefault(base, policies, noPolicies, restarted, written, named);
  }

  /// Who named a container's profile.
  private enum Writer {
    NOBODY,
    /// Or the author: both write the pod's field.
    WEBHOOK,
    AUTHOR
  }

  /// The webhook writes the default into the pod's field, and its record beside it. It writes the
  /// profile of an annotation into the field of the annotation's level, and the annotation stays.
  private static Writer writer(Origin origin, Pod pod) {
    return switch (origin) {
      case POLICY_DEFAULT, CLUSTER_DEFAULT -> Writer.NOBODY;
      case CONTAINER_FIELD, CONTAINER_ANNOTATION, POD_ANNOTATION -> Writer.AUTHOR;
      case POD_FIELD ->
          !pod.isTemplate() && pod.annotation() == null && isRecorded(pod)
              ? Writer.WEBHOOK
              : Writer.AUTHOR;
    };
  }

  private static boolean isRecorded(Pod pod) {
    return pod.object().manifest().present("metadata") instanceof Mapping metadata
        && metadata.present("annotations") instanceof Mapping annotations
        && annotations.present(PodRecord.POLICY) != null;
  }
}
