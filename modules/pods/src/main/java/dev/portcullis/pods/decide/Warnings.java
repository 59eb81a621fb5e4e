package dev.portcullis.pods.decide;

import dev.portcullis.pods.decide.Warning.Kind;
import dev.portcullis.pods.name.MeantProfile;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.FieldPath;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.object.NearestName;
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

/// What the author of a pod should know, though it is no reason to refuse the pod.
final class Warnings {
  /// Pairs of names in which a slip is looked for.
  private static final int MOST_COMPARED = 10_000;

  /// Characters of a value that are shown.
  private static final int MOST_SHOWN = 200;

  private final Pod pod;
  private final Leniency leniency;
  private final Set<String> containers = new LinkedHashSet<>();
  private final List<Warning> warnings = new ArrayList<>();

  private Warnings(Pod pod, Leniency leniency) {
    this.pod = pod;
    this.leniency = leniency;
    pod.spec().containers().forEach(container -> containers.add(container.name()));
  }

  static List<Warning> of(Pod pod, Judge.Place place, Leniency leniency) {
    Warnings all = new Warnings(pod, leniency);
    if (pod.spec().windows()) {
      all.windows();
      return all.warnings;
    }
    all.annotationsForNobody();
    if (place == Judge.Place.FILE) {
      all.annotationsThatKubernetesIgnores();
    }
    all.oldSpelling();
    all.similarKeys();
    all.annotationsOfTheWorkload();
    all.oddPaths();
    if (place != Judge.Place.REQUEST) {
      all.warnings.addAll(OddFields.of(pod));
    }
    all.privileged();
    all.runtimeAnnotations();
    return all.warnings;
  }

  private void add(Kind kind, FieldPath path, String detail) {
    warnings.add(new Warning(kind, path.at(), path.text() + ": " + detail));
  }

  /// The place of an annotation that counts, as it stands in the file.
  private FieldPath place(Annotation annotation) {
    return new FieldPath(pod.annotationsPath() + "." + annotation.key(), annotation.path().at());
  }

  private void windows() {
    warnings.add(
        new Warning(
            Kind.WINDOWS_POD,
            pod.spec().manifest().at("os"),
            leniency.windows()
                ? "a Windows pod: Windows has no seccomp, so Portcullis does not change it"
                : "a Windows pod: Windows has no seccomp, but kubelets before 1.24 run it on Linux,"
                    + " so it counts as unconfined"));
  }

  private void annotationsForNobody() {
    int compared = 0;
    for (Annotation annotation : pod.annotations().values()) {
      if (annotation.key().startsWith(SeccompKeys.CONTAINER_PREFIX)) {
        String name = annotation.key().substring(SeccompKeys.CONTAINER_PREFIX.length());
        if (!containers.contains(name)) {
          compared += containers.size();
          String nearest = compared > MOST_COMPARED ? null : NearestName.of(name, containers);
          add(
              Kind.NO_SUCH_CONTAINER,
              place(annotation),
              "the pod has no container " + GoQuote.quote(name) + instead(name, nearest));
        }
      }
    }
  }

  private static String instead(String name, @Nullable String nearest) {
    if (name.equals("pod")) {
      return "; for all containers the key is " + SeccompKeys.POD;
    }
    return nearest == null ? "" : "; did you mean " + GoQuote.quote(nearest) + "?";
  }

  /// From 1.27 the API server no longer copies an annotation into the field of its level, and
  /// nothing reads the annotation any more.
  private void annotationsThatKubernetesIgnores() {
    ignored(pod.annotation(), pod.spec().seccomp() != null);
    for (Container container : pod.spec().containers()) {
      ignored(pod.annotation(container.name()), container.seccomp() != null);
    }
  }

  /// One that names no profile is refused everywhere, and what it should be is said there.
  private void ignored(@Nullable Annotation annotation, boolean hasField) {
    if (annotation != null
        && !hasField
        && ProfileText.read(annotation.value()) instanceof ProfileText.Named(ProfileName name)) {
      String field = SeccompField.written(name);
      add(
          Kind.ANNOTATION_IGNORED,
          place(annotation),
          shown(annotation.value())
              + ": Kubernetes 1.27 and later ignore this annotation where Portcullis is not"
              + " installed; securityContext.seccompProfile"
              + (field.length() > MOST_SHOWN ? "" : " " + field)
              + " does the same in all versions from 1.19; portcullis fix writes it");
    }
  }

  private static String shown(String value) {
    return value.length() > MOST_SHOWN
        ? GoQuote.quote(value.substring(0, MOST_SHOWN)) + "..."
        : GoQuote.quote(value);
  }

  private void oldSpelling() {
    for (Annotation annotation : pod.annotations().values()) {
      if (ProfileText.isOldSpelling(annotation.value())) {
        add(
            Kind.OLD_SPELLING,
            place(annotation),
            "docker/default is the old spelling of runtime/default");
      }
    }
  }

  /// Keys that differ from ours in case or by a slip mean nothing to Kubernetes; without this the
  /// pod would quietly get the default.
  private void similarKeys() {
    for (Annotation annotation : pod.strays()) {
      add(
          Kind.SIMILAR_KEY,
          place(annotation),
          MeantKey.isForPolicies(annotation.key())
              ? "is an annotation of PodSecurityPolicies and has no effect on a pod; the profile of"
                  + " a pod is named by "
                  + SeccompKeys.POD
              : "is not a seccomp annotation and has no effect; did you mean "
                  + MeantKey.of(annotation.key(), containers)
                  + "?");
    }
  }

  /// A workload's own annotations reach no pod. What controllers of other kinds do with theirs is
  /// not known.
  private void annotationsOfTheWorkload() {
    for (Annotation annotation : pod.ofWorkload()) {
      String kind = pod.object().kind();
      String key = annotation.key();
      boolean right = key.equals(SeccompKeys.POD) || key.startsWith(SeccompKeys.CONTAINER_PREFIX);
      add(
          Kind.ANNOTATION_OF_WORKLOAD,
          annotation.path(),
          (pod.isOfKnownKind()
                  ? "has no effect on the pods of a " + kind
                  : "has an effect only if the controller of " + kind + " copies it to its pods")
              + "; move it to "
              + pod.annotationsPath()
              + (right ? "" : " and write " + MeantKey.of(key, containers)));
    }
  }

  private void oddPaths() {
    for (Annotation annotation : pod.annotations().values()) {
      if (annotation.value().startsWith(ProfileText.LOCALHOST_PREFIX)) {
        oddPath(
            place(annotation), annotation.value().substring(ProfileText.LOCALHOST_PREFIX.length()));
      }
    }
    oddPath(pod.spec().seccomp());
    pod.spec().containers().forEach(container -> oddPath(container.seccomp()));
  }

  private void oddPath(@Nullable SeccompField field) {
    String path = field == null ? null : field.localhostProfile();
    if (field != null && path != null) {
      oddPath(field.path().child("localhostProfile"), path);
    }
  }

  private void oddPath(FieldPath place, String path) {
    String odd = MeantProfile.oddPath(path);
    if (odd != null) {
      add(Kind.ODD_PATH, place, shown(path) + ": " + odd);
    }
  }

  private void runtimeAnnotations() {
    for (Annotation annotation : pod.runtimeAnnotations()) {
      add(Kind.RUNTIME_ANNOTATION, place(annotation), RefusalText.effect(annotation));
    }
  }

  private void privileged() {
    for (Container container : pod.spec().containers()) {
      if (container.privileged()) {
        add(
            Kind.PRIVILEGED,
            container.field(),
            "a privileged container runs unconfined, regardless of the profile that it names"
                + (leniency.privilegedByName()
                    ? ", but the name decides here (--privileged-as name)"
                    : ", and counts as unconfined"));
      }
    }
  }
}
