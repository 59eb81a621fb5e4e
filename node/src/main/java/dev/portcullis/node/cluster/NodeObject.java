package dev.portcullis.node.cluster;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.NodeProfiles;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeSystemInfo;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The object that tells the cluster of a node: of kind NodeProfiles, with the node's name and
/// labels, owned by the Node, with which it goes.
///
/// For one thread.
public final class NodeObject {
  private final ClusterConnection connection;
  private final String node;
  private @Nullable Identity published;

  /// What the object has of the Node.
  ///
  /// @param runtime `containerd://1.6.20`, as the kubelet heard it from the runtime; null where it
  ///   has not told yet
  private record Identity(String uid, Map<String, String> labels, @Nullable String runtime) {}

  public NodeObject(ClusterConnection connection, String node) {
    this.connection = connection;
    this.node = node;
  }

  /// Writes a status, with the Node's labels and its runtime as they are.
  public void write(Mapping status) throws IOException {
    Identity identity = identity();
    try {
      Mapping whole = withRuntime(status, identity.runtime());
      if (object().get() == null) {
        create(identity, whole);
      } else {
        object().patch(PatchContext.of(PatchType.JSON), patch(identity, whole));
      }
    } catch (KubernetesClientException failed) {
      throw connection.failure("write " + NodeProfiles.KIND + " \"" + node + "\"", failed);
    }
    published = identity;
  }

  /// Whether the object is there no more, or the Node has other labels or another runtime, or is
  /// another one.
  public boolean outdated() throws IOException {
    try {
      return !identity().equals(published) || object().get() == null;
    } catch (KubernetesClientException failed) {
      throw connection.failure("GET " + NodeProfiles.KIND + " \"" + node + "\"", failed);
    }
  }

  private Resource<GenericKubernetesResource> object() {
    return connection.client().genericKubernetesResources(NodeProfiles.CONTEXT).withName(node);
  }

  private Identity identity() throws IOException {
    try {
      Node found = connection.client().nodes().withName(node).get();
      if (found == null) {
        throw new IOException("there is no Node \"" + node + "\"; give its name with --node-name");
      }
      Map<String, String> labels = found.getMetadata().getLabels();
      NodeStatus status = found.getStatus();
      NodeSystemInfo info = status == null ? null : status.getNodeInfo();
      return new Identity(
          found.getMetadata().getUid(),
          labels == null ? Map.of() : new TreeMap<>(labels),
          info == null ? null : info.getContainerRuntimeVersion());
    } catch (KubernetesClientException failed) {
      throw connection.failure("GET Node \"" + node + "\"", failed);
    }
  }

  /// @param runtime name and version with `://` between them
  static Mapping withRuntime(Mapping status, @Nullable String runtime) {
    int middle = runtime == null ? -1 : runtime.indexOf("://");
    if (runtime == null || middle <= 0 || middle + 3 == runtime.length()) {
      return status;
    }
    MappingBuilder whole = new MappingBuilder();
    status.entries().forEach((key, entry) -> whole.put(key, entry.value()));
    return whole
        .put(
            "runtime",
            new MappingBuilder()
                .put("name", runtime.substring(0, middle))
                .put("version", runtime.substring(middle + 3))
                .build())
        .build();
  }

  private void create(Identity identity, Mapping status) {
    Mapping object =
        new MappingBuilder()
            .put("apiVersion", NodeProfiles.API_VERSION)
            .put("kind", NodeProfiles.KIND)
            .put(
                "metadata",
                new MappingBuilder()
                    .put("name", node)
                    .put("labels", labels(identity))
                    .put("ownerReferences", List.of(owner(identity)))
                    .build())
            .put("status", status)
            .build();
    var _ =
        connection
            .client()
            .genericKubernetesResources(NodeProfiles.CONTEXT)
            .resource(
                connection
                    .client()
                    .getKubernetesSerialization()
                    .unmarshal(JsonWriter.compact(object), GenericKubernetesResource.class))
            .create();
  }

  /// `add` puts a member in the place of one that is there (RFC 6902, 4.1).
  private String patch(Identity identity, Mapping status) {
    return JsonWriter.compact(
        new Sequence(
            Position.NONE,
            List.of(
                add("/metadata/labels").put("value", labels(identity)).build(),
                add("/metadata/ownerReferences").put("value", List.of(owner(identity))).build(),
                add("/status").put("value", status).build())));
  }

  private static MappingBuilder add(String path) {
    return new MappingBuilder().put("op", "add").put("path", path);
  }

  private static Mapping labels(Identity identity) {
    MappingBuilder labels = new MappingBuilder();
    identity.labels().forEach(labels::put);
    return labels.build();
  }

  private Mapping owner(Identity identity) {
    return new MappingBuilder()
        .put("apiVersion", "v1")
        .put("kind", "Node")
        .put("name", node)
        .put("uid", identity.uid())
        .build();
  }
}
