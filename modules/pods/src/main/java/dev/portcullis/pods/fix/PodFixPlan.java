package dev.portcullis.pods.fix;

import dev.portcullis.documents.EntryPlace;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.pods.decide.OddFields;
import dev.portcullis.pods.decide.Warning;
import dev.portcullis.pods.fix.Obstacle.Kind;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.object.NearestName;
import dev.portcullis.pods.resolve.ProfileResolver;
import dev.portcullis.pods.resolve.RequestedProfile;
import dev.portcullis.pods.spec.Annotation;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.SeccompField;
import dev.portcullis.pods.spec.SeccompKeys;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is to change in one pod, or why nothing may.
///
/// Each level is for itself, as in the API server (`applySeccompVersionSkew` in Kubernetes'
/// `pkg/registry/core/pod`): the annotation of a container becomes the container's field, that of
/// the pod the pod's.
final class PodFixPlan {
  private static final String CONTEXT = "securityContext";
  private static final String FIELD = "seccompProfile";

  private final Pod pod;
  private final FixRules rules;
  private final List<EntryChange> entries = new ArrayList<>();
  private final List<PodChange> changes = new ArrayList<>();
  private final List<Obstacle> obstacles = new ArrayList<>();

  private PodFixPlan(Pod pod, FixRules rules) {
    this.pod = pod;
    this.rules = rules;
  }

  static PodFixPlan of(Pod pod, FixRules rules) {
    PodFixPlan plan = new PodFixPlan(pod, rules);
    plan.make();
    return plan;
  }

  Pod pod() {
    return pod;
  }

  List<EntryChange> entries() {
    return entries;
  }

  List<PodChange> changes() {
    return changes;
  }

  List<Obstacle> obstacles() {
    return obstacles;
  }

  private void make() {
    annotationsOfTheWorkload();
    similarKeys();
    oddFields();
    boolean wantsDefault = wantsDefault();
    errors(!pod.annotations().isEmpty() || wantsDefault);
    if (pod.errors().isEmpty()) {
      annotationsForNobody();
      levels();
      if (wantsDefault && rules.defaultProfile() != null) {
        set(pod.spec().manifest(), podField(), rules.defaultProfile(), new EntryPlace.First());
      }
      if (rules.removeAnnotations()) {
        remove();
      }
    }
  }

  /// Whether a default is asked for, and a container has nothing else that names a profile. A
  /// Windows pod can have none.
  private boolean wantsDefault() {
    return rules.defaultProfile() != null
        && !pod.spec().windows()
        && pod.spec().containers().stream()
            .anyMatch(container ->
                ProfileResolver.requested(pod, container) instanceof RequestedProfile.Unnamed);
  }

  /// @param all whether to say all errors, and not only those about seccomp: in a pod that is to
  ///   change, each is in the way
  private void errors(boolean all) {
    for (FieldError error : pod.errors()) {
      if (!all && !error.field().contains(FIELD) && !error.field().contains(".annotations")) {
        continue;
      }
      obstacles.add(
          error.value().contains("{{")
              ? new Obstacle(
                  pod,
                  Kind.TEMPLATE_NOT_RENDERED,
                  error.path(),
                  error.value() + " is a template; " + ManifestFix.RENDER)
              : new Obstacle(pod, Kind.INVALID_POD, error.path(), error.message()));
    }
  }

  private void annotationsForNobody() {
    Set<String> names = new LinkedHashSet<>();
    pod.spec().containers().forEach(container -> names.add(container.name()));
    for (Annotation annotation : pod.annotations().values()) {
      if (annotation.key().startsWith(SeccompKeys.CONTAINER_PREFIX)) {
        String name = annotation.key().substring(SeccompKeys.CONTAINER_PREFIX.length());
        if (!names.contains(name)) {
          String nearest = NearestName.of(name, names);
          obstacle(
              Kind.NO_SUCH_CONTAINER,
              annotation.path(),
              "the pod has no container "
                  + GoQuote.quote(name)
                  + (nearest == null
                      ? "; correct or remove the annotation"
                      : "; did you mean " + GoQuote.quote(nearest) + "?"));
        }
      }
    }
  }

  private void similarKeys() {
    for (Annotation annotation : pod.strays()) {
      obstacle(
          Kind.SIMILAR_KEY,
          annotation.path(),
          "is not a seccomp annotation, and has no effect; correct or remove it");
    }
  }

  /// A profile in a field that Kubernetes drops was meant: another one would take its place.
  private void oddFields() {
    for (Warning odd : OddFields.of(pod)) {
      int end = odd.text().indexOf(": ");
      obstacle(
          Kind.FIELD_WITHOUT_EFFECT,
          new FieldPath(odd.text().substring(0, end), odd.at()),
          odd.text().substring(end + 2));
    }
  }

  private void annotationsOfTheWorkload() {
    for (Annotation annotation : pod.ofWorkload()) {
      obstacle(
          Kind.ANNOTATION_OF_WORKLOAD,
          annotation.path(),
          "has no effect here; move it to "
              + String.join(".", templateSteps())
              + ".metadata.annotations, or remove it");
    }
  }

  /// The steps from the object to its template; none where it is a pod.
  private List<String> templateSteps() {
    List<String> steps = List.of(pod.spec().path().split("\\."));
    return steps.subList(0, steps.size() - 1);
  }

  /// What has the `metadata` and the `spec` of the pod.
  private Mapping template() {
    Mapping holder = pod.object().manifest();
    for (String step : templateSteps()) {
      if (holder.present(step) instanceof Mapping inner) {
        holder = inner;
      }
    }
    return holder;
  }

  private void levels() {
    level(
        pod.annotation(),
        pod.spec().seccomp(),
        pod.spec().manifest(),
        podField(),
        new EntryPlace.First());
    for (Container container : pod.spec().containers()) {
      level(
          pod.annotation(container.name()),
          container.seccomp(),
          container.manifest(),
          new FieldPath(field(container.path()), container.manifest().at()),
          new EntryPlace.After(List.of("image", "name")));
    }
  }

  private FieldPath podField() {
    return new FieldPath(field(pod.spec().path()), pod.spec().manifest().at());
  }

  private static String field(String path) {
    return path + "." + CONTEXT + "." + FIELD;
  }

  private void level(
      @Nullable Annotation annotation,
      @Nullable SeccompField field,
      Mapping owner,
      FieldPath path,
      EntryPlace place) {
    if (annotation == null) {
      return;
    }
    switch (ProfileText.read(annotation.value())) {
      case ProfileText.Named(ProfileName profile) -> {
        if (field == null) {
          set(owner, path, profile, place);
        }
      }
      // Kubernetes takes it for valid, and makes no field of it.
      case ProfileText.Unusable unusable ->
          obstacle(
              Kind.NO_SUCH_FIELD,
              annotation.path(),
              GoQuote.quote(annotation.value()) + " " + unusable.problems().getFirst().detail());
    }
  }

  private void set(Mapping owner, FieldPath path, ProfileName profile, EntryPlace place) {
    Mapping value = SeccompFieldText.of(profile);
    entries.add(
        owner.present(CONTEXT) instanceof Mapping context && !context.entries().isEmpty()
            ? new EntryChange.Put(context, FIELD, value, new EntryPlace.After(List.of()))
            : new EntryChange.Put(
                owner, CONTEXT, new MappingBuilder().put(FIELD, value).build(), place));
    changes.add(new PodChange.FieldSet(pod, path, profile));
  }

  /// What would stay without entries goes, too, up to the template's metadata.
  private void remove() {
    if (pod.annotations().isEmpty()) {
      return;
    }
    for (Annotation annotation : pod.annotations().values()) {
      changes.add(new PodChange.AnnotationRemoved(pod, annotation.path()));
    }
    Mapping template = template();
    Set<String> keys = pod.annotations().keySet();
    if (template.present("metadata") instanceof Mapping metadata
        && metadata.present("annotations") instanceof Mapping annotations) {
      if (annotations.entries().size() > keys.size()) {
        entries.add(new EntryChange.Remove(annotations, keys));
      } else if (metadata.entries().size() > 1) {
        entries.add(new EntryChange.Remove(metadata, Set.of("annotations")));
      } else {
        entries.add(new EntryChange.Remove(template, Set.of("metadata")));
      }
    }
  }

  private void obstacle(Kind kind, FieldPath path, String message) {
    obstacles.add(new Obstacle(pod, kind, path, message));
  }
}
