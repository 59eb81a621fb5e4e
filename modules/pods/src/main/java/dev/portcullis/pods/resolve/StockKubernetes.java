package dev.portcullis.pods.resolve;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.name.ProfileText;
import dev.portcullis.pods.spec.Annotation;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.SeccompKeys;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a Kubernetes without Portcullis makes of the profiles that a pod names, for pods that come
/// through its API server.
///
/// Until 1.24 the kubelet reads annotations. In 1.25 and 1.26 the API server still copies an
/// annotation into the absent field of its level when the pod is created (kubernetes/kubernetes
/// #109819); from 1.27 on nothing does (#114947), and annotations have no effect.
///
/// @param minor of Kubernetes 1.x, from {@link #OLDEST} to {@link #NEWEST}
/// @param seccompDefault whether kubelets run with `--seccomp-default` or `seccompDefault: true`,
///   which 1.22 brought (KEP 2413)
public record StockKubernetes(int minor, boolean seccompDefault) {
  /// The oldest minor version whose behaviour is known here.
  public static final int OLDEST = 20;

  /// The newest one.
  public static final int NEWEST = 36;

  /// The first one whose kubelets have `--seccomp-default`.
  public static final int SECCOMP_DEFAULT_SINCE = 22;

  private static final int ONLY_COPIED_SINCE = 25;
  private static final int ANNOTATIONS_IGNORED_SINCE = 27;
  private static final int EMPTY_PATH_FAILS_SINCE = 27;

  public StockKubernetes {
    if (minor < OLDEST || minor > NEWEST) {
      throw new IllegalArgumentException("Kubernetes 1." + minor + " is not known");
    }
    if (seccompDefault && minor < SECCOMP_DEFAULT_SINCE) {
      throw new IllegalArgumentException("Kubernetes 1." + minor + " has no seccompDefault");
    }
  }

  /// The result for the profile of one container.
  public sealed interface Outcome {

    /// The container runs.
    ///
    /// @param profile the one that it runs under
    record Runs(ProfileName profile, Reason reason) implements Outcome {
      /// Whether it has no filter.
      public boolean unfiltered() {
        return profile.equals(ProfileName.UNCONFINED);
      }
    }

    /// It does not: the API server refuses what the pod names, or the kubelet cannot make the
    /// container.
    record DoesNotRun() implements Outcome {}
  }

  /// Why a container runs under that profile.
  public enum Reason {
    /// Its field says so.
    CONTAINER_FIELD("container-field", "the container's field says so"),
    /// Its annotation says so.
    CONTAINER_ANNOTATION("container-annotation", "the container's annotation says so"),
    /// The pod's field says so.
    POD_FIELD("pod-field", "the pod's field says so"),
    /// The pod's annotation says so.
    POD_ANNOTATION("pod-annotation", "the pod's annotation says so"),
    /// An annotation names a profile, and has no effect.
    ANNOTATION_IGNORED("annotation-ignored", "the annotation that names a profile is ignored"),
    /// A field of type Localhost, or the annotation `localhost/`, has an empty path, which kubelets
    /// before 1.27.2, 1.26.5, 1.25.10 and 1.24.14 took for no profile (CVE-2023-2431).
    EMPTY_PATH("empty-path", "the path of the profile is empty"),
    /// The pod names none, and kubelets give what the runtime has.
    SECCOMP_DEFAULT("seccomp-default", "nothing names a profile, and kubelets have seccompDefault"),
    /// The pod names none, and so there is no filter.
    NO_PROFILE("no-profile", "nothing names a profile"),
    /// The pod has an annotation by which its author chooses the filter, where the runtime obeys
    /// it: that may be one that denies nothing.
    RUNTIME_ANNOTATION("runtime-annotation", "an annotation chooses the filter"),
    /// Every runtime drops the profile of a privileged container.
    PRIVILEGED("privileged", "the container is privileged"),
    /// There is no seccomp on Windows.
    WINDOWS("windows", "the pod runs on Windows");

    private final String text;
    private final String words;

    Reason(String text, String words) {
      this.text = text;
      this.words = words;
    }

    /// The same for people, within a sentence.
    public String words() {
      return words;
    }

    /// The word for it in results.
    public String text() {
      return text;
    }
  }

  /// The profile that a container runs under, and why.
  public Outcome outcome(Pod pod, Container container) {
    if (pod.spec().windows()) {
      return new Outcome.Runs(ProfileName.UNCONFINED, Reason.WINDOWS);
    }
    if (!pod.errors().isEmpty()) {
      return new Outcome.DoesNotRun();
    }
    if (!container.privileged() && !pod.runtimeAnnotations().isEmpty()) {
      return new Outcome.Runs(ProfileName.UNCONFINED, Reason.RUNTIME_ANNOTATION);
    }
    return switch (ProfileResolver.requested(pod, container)) {
      case RequestedProfile.Unnamed() -> unnamed(container, unnamedReason());
      case RequestedProfile.Named named when isAnnotation(named.origin()) ->
          annotated(pod, container, named);
      case RequestedProfile.Named named -> field(named, reason(named.origin()), container);
    };
  }

  /// The seccomp annotations of a pod that have no effect, though a field at their level does not
  /// say the same; none where the API server still copies them.
  public List<Annotation> ignoredAnnotations(Pod pod) {
    if (minor < ANNOTATIONS_IGNORED_SINCE) {
      return List.of();
    }
    Set<String> withField = new HashSet<>();
    if (pod.spec().seccomp() != null) {
      withField.add(SeccompKeys.POD);
    }
    for (Container container : pod.spec().containers()) {
      if (container.seccomp() != null) {
        withField.add(SeccompKeys.CONTAINER_PREFIX + container.name());
      }
    }
    return pod.annotations().values().stream()
        .filter(annotation -> !withField.contains(annotation.key()))
        .toList();
  }

  private Outcome annotated(Pod pod, Container container, RequestedProfile.Named named) {
    boolean empty =
        named.meaning() instanceof ProfileText.Unusable unusable && unusable.emptyPath();
    if (named.meaning() instanceof ProfileText.Unusable && !empty) {
      return new Outcome.DoesNotRun();
    }
    if (minor >= ANNOTATIONS_IGNORED_SINCE) {
      return below(pod.withoutAnnotations(), container);
    }
    // An empty path is a valid annotation, and makes no field. Until 1.24 the kubelet asks the
    // runtime for it, which may look for the directory or, by the newer field, for no filter.
    if (empty) {
      return minor >= ONLY_COPIED_SINCE
          ? below(pod.withoutAnnotation(key(named.origin(), container)), container)
          : runs(ProfileName.UNCONFINED, Reason.EMPTY_PATH, container);
    }
    return field(named, reason(named.origin()), container);
  }

  /// What the levels below an annotation without effect give.
  private Outcome below(Pod without, Container container) {
    return switch (ProfileResolver.requested(without, container)) {
      case RequestedProfile.Unnamed() -> unnamed(container, Reason.ANNOTATION_IGNORED);
      case RequestedProfile.Named named when isAnnotation(named.origin()) ->
          annotated(without, container, named);
      case RequestedProfile.Named named -> field(named, Reason.ANNOTATION_IGNORED, container);
    };
  }

  private Outcome unnamed(Container container, Reason reason) {
    return runs(
        seccompDefault ? ProfileName.RUNTIME_DEFAULT : ProfileName.UNCONFINED, reason, container);
  }

  private Reason unnamedReason() {
    return seccompDefault ? Reason.SECCOMP_DEFAULT : Reason.NO_PROFILE;
  }

  private Outcome field(RequestedProfile.Named named, Reason reason, Container container) {
    return switch (named.meaning()) {
      case ProfileText.Named(ProfileName profile) -> runs(profile, reason, container);
      case ProfileText.Unusable unusable ->
          unusable.emptyPath() && !isAnnotation(named.origin()) && minor < EMPTY_PATH_FAILS_SINCE
              ? runs(ProfileName.UNCONFINED, Reason.EMPTY_PATH, container)
              : new Outcome.DoesNotRun();
    };
  }

  private static String key(Origin annotation, Container container) {
    return annotation == Origin.CONTAINER_ANNOTATION
        ? SeccompKeys.CONTAINER_PREFIX + container.name()
        : SeccompKeys.POD;
  }

  private static boolean isAnnotation(Origin origin) {
    return switch (origin) {
      case CONTAINER_ANNOTATION, POD_ANNOTATION -> true;
      case CONTAINER_FIELD, POD_FIELD, POLICY_DEFAULT, CLUSTER_DEFAULT -> false;
    };
  }

  private static Outcome runs(ProfileName profile, Reason reason, Container container) {
    return container.privileged()
        ? new Outcome.Runs(ProfileName.UNCONFINED, Reason.PRIVILEGED)
        : new Outcome.Runs(profile, reason);
  }

  private static Reason reason(Origin origin) {
    return switch (origin) {
      case CONTAINER_FIELD -> Reason.CONTAINER_FIELD;
      case CONTAINER_ANNOTATION -> Reason.CONTAINER_ANNOTATION;
      case POD_FIELD -> Reason.POD_FIELD;
      case POD_ANNOTATION -> Reason.POD_ANNOTATION;
      case POLICY_DEFAULT, CLUSTER_DEFAULT ->
          throw new IllegalArgumentException("a pod names no profile by " + origin);
    };
  }
}
