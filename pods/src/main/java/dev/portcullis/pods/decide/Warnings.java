package dev.portcullis.pods.decide;

import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.object.GoQuote;
import dev.portcullis.pods.object.NearestName;
import dev.portcullis.pods.spec.Annotation;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.SeccompKeys;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the author of a pod should know, though it is no reason to refuse the pod.
final class Warnings {
  /// The fields of `SecurityContext` and of `PodSecurityContext` in Kubernetes 1.36: whoever writes
  /// one of them means it.
  private static final Set<String> FIELDS =
      Set.of(
          "allowPrivilegeEscalation",
          "appArmorProfile",
          "capabilities",
          "fsGroup",
          "fsGroupChangePolicy",
          "privileged",
          "procMount",
          "readOnlyRootFilesystem",
          "runAsGroup",
          "runAsNonRoot",
          "runAsUser",
          "seLinuxChangePolicy",
          "seLinuxOptions",
          "seccompProfile",
          "supplementalGroups",
          "supplementalGroupsPolicy",
          "sysctls",
          "windowsOptions");

  /// Pairs of names in which a slip is looked for.
  private static final int MOST_COMPARED = 10_000;

  private final Pod pod;
  private final Leniency leniency;
  private final List<String> warnings = new ArrayList<>();

  private Warnings(Pod pod, Leniency leniency) {
    this.pod = pod;
    this.leniency = leniency;
  }

  static List<String> of(Pod pod, Judge.Place place, Leniency leniency) {
    Warnings all = new Warnings(pod, leniency);
    if (pod.spec().windows()) {
      all.warnings.add(
          leniency.windows()
              ? "a Windows pod: Windows has no seccomp, so Portcullis does not change it"
              : "a Windows pod: Windows has no seccomp, but kubelets before 1.24 run it on Linux,"
                  + " so it counts as unconfined");
      return all.warnings;
    }
    all.annotationsForNobody();
    switch (place) {
      case FILE -> all.annotationsThatKubernetesIgnores();
      case CLUSTER -> {}
    }
    all.oldSpelling();
    all.misspeltKeys();
    all.privileged();
    all.runtimeAnnotations();
    return all.warnings;
  }

  private void annotationsForNobody() {
    Set<String> names = new LinkedHashSet<>();
    pod.spec().containers().forEach(container -> names.add(container.name()));
    int compared = 0;
    for (Annotation annotation : pod.annotations().values()) {
      if (annotation.key().startsWith(SeccompKeys.CONTAINER_PREFIX)) {
        String name = annotation.key().substring(SeccompKeys.CONTAINER_PREFIX.length());
        if (!names.contains(name)) {
          compared += names.size();
          String nearest = compared > MOST_COMPARED ? null : NearestName.of(name, names);
          warnings.add(
              annotation.path().text()
                  + ": the pod has no container "
                  + GoQuote.quote(name)
                  + (nearest == null ? "" : "; did you mean " + GoQuote.quote(nearest) + "?"));
        }
      }
    }
  }

  /// From 1.27 the API server no longer copies an annotation into the field of its level, and
  /// nothing reads the annotation any more.
  private void annotationsThatKubernetesIgnores() {
    ignored(pod.annotation(), pod.spec().seccomp() != null);
    for (Container container : pod.spec().containers()) {
      ignored(pod.annotation(container.name()), container.seccomp() != null);
    }
  }

  private void ignored(@Nullable Annotation annotation, boolean hasField) {
    if (annotation != null && !hasField) {
      warnings.add(
          annotation.path().text()
              + ": Kubernetes 1.27 and later ignore this annotation where Portcullis is not"
              + " installed; securityContext.seccompProfile does the same in all versions from"
              + " 1.19");
    }
  }

  private void oldSpelling() {
    for (Annotation annotation : pod.annotations().values()) {
      if (ProfileText.isOldSpelling(annotation.value())) {
        warnings.add(
            annotation.path().text() + ": docker/default is the old spelling of runtime/default");
      }
    }
  }

  /// Keys that differ from ours in case or by a slip mean nothing to Kubernetes; without this the
  /// pod would quietly get the default.
  private void misspeltKeys() {
    for (String key : pod.strayKeys()) {
      warnings.add(
          "annotation "
              + GoQuote.quote(key)
              + " is not a seccomp annotation; the seccomp annotations are "
              + SeccompKeys.POD
              + " and "
              + SeccompKeys.CONTAINER_PREFIX
              + "<container>");
    }
    misspeltField(pod.spec().manifest(), pod.spec().path());
    for (Container container : pod.spec().containers()) {
      misspeltField(container.manifest(), container.path());
    }
  }

  private void misspeltField(Mapping owner, String path) {
    if (owner.get("seccompProfile") != null) {
      warnings.add(path + ".seccompProfile: has no effect here; move it into securityContext");
    }
    if (owner.present("securityContext") instanceof Mapping context) {
      for (String key : context.entries().keySet()) {
        if (!FIELDS.contains(key) && NearestName.of(key, List.of("seccompProfile")) != null) {
          warnings.add(
              path
                  + ".securityContext: unknown field "
                  + GoQuote.quote(key)
                  + "; did you mean \"seccompProfile\"?");
        }
      }
    }
  }

  private void runtimeAnnotations() {
    for (Annotation annotation : pod.runtimeAnnotations()) {
      warnings.add(annotation.path().text() + ": " + RefusalText.effect(annotation));
    }
  }

  private void privileged() {
    for (Container container : pod.spec().containers()) {
      if (container.privileged()) {
        warnings.add(
            container.path()
                + ": a privileged container runs unconfined, regardless of the profile that it"
                + " names"
                + (leniency.privilegedByName()
                    ? ", but the name decides here (--privileged-as name)"
                    : ", and counts as unconfined"));
      }
    }
  }
}
