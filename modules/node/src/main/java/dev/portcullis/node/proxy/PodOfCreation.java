package dev.portcullis.node.proxy;

import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.resolve.ProfileResolver;
import dev.portcullis.pods.resolve.RequestedProfile;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import dev.portcullis.seccomp.finding.QuotedText;
import java.util.List;
import java.util.Objects;

/// The pod behind a request, as far as a kubelet passes it on: its annotations and the name of one
/// container, read by the one reader of pods. The fields are not among it; what the kubelet made of
/// them is another part of the request.
final class PodOfCreation {
  private static final String ANNOTATIONS = "metadata.annotations.";

  private PodOfCreation() {}

  /// What the annotations say for the container.
  static RequestedProfile requested(ContainerRequest creation) {
    MappingBuilder annotations = new MappingBuilder();
    creation.annotations().forEach(annotations::put);
    KubernetesObject object =
        new KubernetesObject(
            "v1",
            "Pod",
            new MappingBuilder()
                .put(
                    "metadata",
                    new MappingBuilder()
                        .put("name", "pod")
                        .put("annotations", annotations.build())
                        .build())
                .put(
                    "spec",
                    new MappingBuilder()
                        .put(
                            "containers",
                            List.of(new MappingBuilder().put("name", creation.container()).build()))
                        .build())
                .build());
    Pod pod = Objects.requireNonNull(PodReader.read(object), "a Pod holds a pod");
    Container container = pod.spec().containers().getFirst();
    return ProfileResolver.requested(pod, container);
  }

  /// The annotation's key, out of the path that Kubernetes has for it in errors.
  static String key(String path) {
    return QuotedText.path(
        path.startsWith(ANNOTATIONS) ? path.substring(ANNOTATIONS.length()) : path);
  }
}
