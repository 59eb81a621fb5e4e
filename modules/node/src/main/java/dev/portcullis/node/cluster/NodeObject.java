package dev.portcullis.node.cluster;

import dev.portcullis.cluster.ApiCollection;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.NodeProfiles;
import dev.portcullis.cluster.PatchKind;
import dev.portcullis.cluster.StoredObject;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The object by which a node reports to the cluster: of kind NodeProfiles, with the node's name
/// and labels, owned by the Node, with which it goes.
///
/// For one thread.
public final class NodeObject {
  private static final ApiCollection NODES = ApiCollection.of("/api/v1/nodes");

  private final ClusterConnection connection;
  private final String node;
  private @Nullable Identity published;

  /// What the object has of the Node.
  ///
  /// @param runtime `containerd://1.6.20`, as the kubelet heard it from the runtime; null where it
  ///   has not reported one yet
  private record Identity(String uid, Map<String, String> labels, @Nullable String runtime) {}

  public NodeObject(ClusterConnection connection, String node) {
    this.connection = connection;
    this.node = node;
  }

  /// Writes a status, with the Node's labels and its runtime as they are.
  public void write(Mapping status) throws IOException {
    Identity identity = identity();
    String what = "write " + NodeProfiles.KIND + " \"" + node + "\"";
    Mapping whole = withRuntime(status, identity.runtime());
    if (connection.get(path(), what) == null) {
      var _ = connection.create(NodeProfiles.ALL.path(), object(identity, whole), what);
    } else {
      connection.patch(path(), PatchKind.JSON, patch(identity, whole), what);
    }
    published = identity;
  }

  /// Whether the object is there no more, or the Node has other labels or another runtime, or is
  /// another one.
  public boolean outdated() throws IOException {
    return !identity().equals(published)
        || connection.get(path(), "GET " + NodeProfiles.KIND + " \"" + node + "\"") == null;
  }

  private String path() {
    return NodeProfiles.ALL.item(node);
  }

  private Identity identity() throws IOException {
    Mapping found = connection.get(NODES.item(node), "GET Node \"" + node + "\"");
    if (found == null) {
      throw new IOException("there is no Node \"" + node + "\"; give its name with --node-name");
    }
    StoredObject object = new StoredObject(found);
    String runtime =
        StoredObject.text(
            StoredObject.mapping(StoredObject.mapping(found, "status"), "nodeInfo"),
            "containerRuntimeVersion");
    return new Identity(
        object.uid(), new TreeMap<>(object.labels()), runtime.isEmpty() ? null : runtime);
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

  private Mapping object(Identity identity, Mapping status) {
    return new MappingBuilder()
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
  }

  /// `add` puts a member in the place of one that is there (RFC 6902, 4.1).
  private Sequence patch(Identity identity, Mapping status) {
    return new Sequence(
        Position.NONE,
        List.of(
            add("/metadata/labels").put("value", labels(identity)).build(),
            add("/metadata/ownerReferences").put("value", List.of(owner(identity))).build(),
            add("/status").put("value", status).build()));
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
