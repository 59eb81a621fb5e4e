package dev.portcullis.admission.ruling;

import dev.portcullis.admission.review.PatchOperation;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.ContainerDecision.WithProfile;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.resolve.Origin;
import dev.portcullis.pods.spec.Annotation;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.SeccompField;
import dev.portcullis.pods.spec.SeccompType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields that make a pod run as it was judged.
///
/// At each level an annotation without a field becomes the field. The levels never cross (a field
/// in a container would collide with an annotation that comes later), and nothing that is there is
/// written anew: `docker/default` stays beside `RuntimeDefault`.
final class PodPatch {
  private static final String CONTEXT = "securityContext";
  private static final String PROFILE = "seccompProfile";

  private final List<PatchOperation> operations = new ArrayList<>();
  private final List<String> words = new ArrayList<>();

  private PodPatch() {}

  /// @param judgement of a pod that is admitted
  static PodPatch of(PodRequest subject, Judgement judgement) {
    PodPatch patch = new PodPatch();
    Pod pod = judgement.pod();
    if (PodRequest.isEphemeral(subject.request())) {
      if (!pod.spec().windows() && ApiServerCompatibility.takesProfiles(subject.request())) {
        judgement.containers().forEach(container -> patch.ephemeral(pod, container));
      }
      return patch;
    }
    // A Windows pod cannot have such fields.
    if (!pod.spec().windows()) {
      patch.pod(pod, judgement);
      for (Container container : pod.spec().containers()) {
        ProfileName named = annotated(pod.annotation(container.name()), container.seccomp());
        if (named != null) {
          patch.profile(container.path(), container.manifest(), named);
        }
      }
    }
    patch.operations.addAll(ManifestRecord.of(judgement).write(pod.object().manifest()));
    return patch;
  }

  List<PatchOperation> operations() {
    return operations;
  }

  /// What it changes about profiles, for people.
  List<String> words() {
    return words;
  }

  private void pod(Pod pod, Judgement judgement) {
    if (pod.spec().seccomp() != null) {
      return;
    }
    ProfileName name = annotated(pod.annotation(), null);
    if (name == null) {
      name = ofDefault(judgement);
    }
    if (name != null) {
      profile(pod.spec().path(), pod.spec().manifest(), name);
    }
  }

  /// The default, where some container depends on it. They all get the same.
  private static @Nullable ProfileName ofDefault(Judgement judgement) {
    for (ContainerDecision decision : judgement.containers()) {
      if (decision instanceof WithProfile container && isDefault(container.origin())) {
        return container.profile();
      }
    }
    return null;
  }

  private static boolean isDefault(Origin origin) {
    return switch (origin) {
      case POLICY_DEFAULT, CLUSTER_DEFAULT -> true;
      case CONTAINER_FIELD, CONTAINER_ANNOTATION, POD_FIELD, POD_ANNOTATION -> false;
    };
  }

  /// The pod exists: its own fields cannot change any more, so the container gets what it depends
  /// on.
  private void ephemeral(Pod pod, ContainerDecision decision) {
    if (decision instanceof WithProfile judged
        && !judged.profile().equals(FieldProfile.of(pod, judged.container()))) {
      profile(judged.container().path(), judged.container().manifest(), judged.profile());
    }
  }

  private static @Nullable ProfileName annotated(
      @Nullable Annotation annotation, @Nullable SeccompField field) {
    return field == null
            && annotation != null
            && ProfileText.read(annotation.value()) instanceof ProfileText.Named(ProfileName name)
        ? name
        : null;
  }

  private void profile(String path, Mapping owner, ProfileName name) {
    String pointer = pointer(path) + "/" + CONTEXT;
    Mapping field = field(name);
    operations.add(
        owner.present(CONTEXT) instanceof Mapping
            ? PatchOperation.add(pointer + "/" + PROFILE, field)
            : PatchOperation.add(pointer, new MappingBuilder().put(PROFILE, field).build()));
    words.add(path + "." + CONTEXT + "." + PROFILE + ": " + name.text());
  }

  /// `spec.initContainers[2]` as a JSON pointer.
  private static String pointer(String path) {
    return "/" + path.replace("]", "").replace('[', '/').replace('.', '/');
  }

  private static Mapping field(ProfileName name) {
    return switch (name) {
      case ProfileName.RuntimeDefault _ ->
          new MappingBuilder().put("type", SeccompType.Known.RUNTIME_DEFAULT.text()).build();
      case ProfileName.Unconfined _ ->
          new MappingBuilder().put("type", SeccompType.Known.UNCONFINED.text()).build();
      case ProfileName.Localhost(String path) ->
          new MappingBuilder()
              .put("type", SeccompType.Known.LOCALHOST.text())
              .put("localhostProfile", path)
              .build();
    };
  }
}
