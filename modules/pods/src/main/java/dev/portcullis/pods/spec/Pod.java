package dev.portcullis.pods.spec;

import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.KubernetesObject;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A pod, or the template of the pods of a workload: only the fields that say under which profile
/// its containers run, and who may decide that.
///
/// @param object the object that holds it: the Pod itself, or a Deployment
/// @param identity its name
/// @param annotations all seccomp annotations by key, in the order of the file
/// @param runtimeAnnotations those by which a runtime takes another filter, whatever the pod names
/// @param strays annotations that look like seccomp's and are not: another case, a slip
/// @param ofWorkload annotations for seccomp, or such strays, that stand beside a template and not
///   in it, and so count for no pod
/// @param spec the rest
/// @param errors what is wrong with it, in the order of its fields; a pod with errors is refused
public record Pod(
    KubernetesObject object,
    Identity identity,
    Map<String, Annotation> annotations,
    List<Annotation> runtimeAnnotations,
    List<Annotation> strays,
    List<Annotation> ofWorkload,
    Spec spec,
    List<FieldError> errors) {

  public Pod {
    annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    runtimeAnnotations = List.copyOf(runtimeAnnotations);
    strays = List.copyOf(strays);
    ofWorkload = List.copyOf(ofWorkload);
    errors = List.copyOf(errors);
  }

  /// What names a pod.
  ///
  /// @param kind of the object: `Pod`, `Deployment`
  /// @param namespace null where the object names none
  /// @param name `metadata.name`, else `metadata.generateName`, else empty
  public record Identity(String kind, @Nullable String namespace, String name) {}

  /// What a pod is made of.
  ///
  /// @param path of the pod's spec: `spec`, or `spec.template.spec`
  /// @param serviceAccount the name; `default` where the pod names none, as admission fills it in
  /// @param windows whether `spec.os.name` says so: there is no seccomp on Windows
  /// @param seccomp `seccompProfile` of the pod's security context; null where it has none
  /// @param containers init, regular and ephemeral ones, in this order
  /// @param manifest the pod's spec as written, for those who run it
  public record Spec(
      String path,
      String serviceAccount,
      boolean windows,
      @Nullable SeccompField seccomp,
      List<Container> containers,
      Mapping manifest) {
    public Spec {
      containers = List.copyOf(containers);
    }
  }

  /// The same under another name.
  public Pod withIdentity(Identity other) {
    return new Pod(
        object, other, annotations, runtimeAnnotations, strays, ofWorkload, spec, errors);
  }

  /// The same with other containers.
  public Pod withContainers(List<Container> others) {
    Spec changed =
        new Spec(spec.path, spec.serviceAccount, spec.windows, spec.seccomp, others, spec.manifest);
    return new Pod(
        object, identity, annotations, runtimeAnnotations, strays, ofWorkload, changed, errors);
  }

  /// The same with other errors.
  public Pod withErrors(List<FieldError> others) {
    return new Pod(
        object, identity, annotations, runtimeAnnotations, strays, ofWorkload, spec, others);
  }

  /// The pod without its annotations: as its fields alone describe it.
  public Pod withoutAnnotations() {
    return new Pod(object, identity, Map.of(), List.of(), List.of(), List.of(), spec, errors);
  }

  /// The pod without one of its annotations.
  public Pod withoutAnnotation(String key) {
    Map<String, Annotation> others = new LinkedHashMap<>(annotations);
    others.remove(key);
    return new Pod(object, identity, others, runtimeAnnotations, strays, ofWorkload, spec, errors);
  }

  /// The same with some of its containers, without the annotations that are for the others and
  /// without strays. What names a container that the pod does not have stays.
  public Pod withContainersAlone(List<Container> some) {
    Set<String> left = new HashSet<>();
    spec.containers.forEach(container -> left.add(SeccompKeys.CONTAINER_PREFIX + container.name()));
    some.forEach(container -> left.remove(SeccompKeys.CONTAINER_PREFIX + container.name()));
    Map<String, Annotation> kept = new LinkedHashMap<>(annotations);
    kept.keySet().removeAll(left);
    return new Pod(object, identity, kept, runtimeAnnotations, List.of(), ofWorkload, spec, errors)
        .withContainers(some);
  }

  /// Whether this is the template of a workload, whose pods a controller makes.
  public boolean isTemplate() {
    return !identity.kind().equals("Pod");
  }

  /// Whether Kubernetes itself makes pods of the object; what makes those of another kind is not
  /// known.
  public boolean isOfKnownKind() {
    return PodKinds.template(object) != null;
  }

  /// Where annotations count: `metadata.annotations`, or `spec.template.metadata.annotations`.
  /// Kubernetes' own messages about templates leave `metadata` out.
  public String annotationsPath() {
    String holder = spec.path().substring(0, spec.path().length() - "spec".length());
    return holder + "metadata.annotations";
  }

  /// The pod's own annotation; null where it has none.
  public @Nullable Annotation annotation() {
    return annotations.get(SeccompKeys.POD);
  }

  /// The annotation for a container; null where there is none.
  public @Nullable Annotation annotation(String containerName) {
    // An empty name would be the bare prefix, which is no key (kubelet leaves it out too).
    return containerName.isEmpty()
        ? null
        : annotations.get(SeccompKeys.CONTAINER_PREFIX + containerName);
  }
}
