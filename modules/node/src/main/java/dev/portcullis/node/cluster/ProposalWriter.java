package dev.portcullis.node.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cluster.ApiCollection;
import dev.portcullis.cluster.ApiFailure;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.PatchKind;
import dev.portcullis.cluster.StoredObject;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Proposals of profiles as ConfigMaps of a namespace of their own, for people who read them. They
/// have no label by which nodes would take them, and nodes take none of this namespace.
public final class ProposalWriter {
  /// ConfigMaps that the namespace may have: people remove what they have read. Nodes that write at
  /// the same moment may come to some more.
  public static final int MOST = 200;

  /// What a ConfigMap has room for is 1 MiB.
  private static final int LARGEST = 900_000;

  private static final int LONGEST_NAME = 150;

  /// Hexadecimal: so many that no other names with the same ones can be found.
  private static final int DIGITS = 20;

  private final ClusterConnection connection;
  private final String namespace;
  private final ApiCollection configMaps;
  private final String node;

  /// One container's.
  ///
  /// @param uid of the pod
  /// @param run the how manieth recording of the pod it is, from 1
  /// @param profile null where there is none to propose
  /// @param recording what was seen
  public record Proposal(
      String namespace,
      String pod,
      String uid,
      int run,
      String container,
      String image,
      @Nullable String profile,
      String recording) {}

  /// @param namespace of the ConfigMaps
  /// @param node that the containers were on
  public ProposalWriter(ClusterConnection connection, String namespace, String node) {
    this.connection = connection;
    this.namespace = namespace;
    this.configMaps = ApiCollection.of("/api/v1", namespace, "configmaps");
    this.node = node;
  }

  /// Its name: another one for each recording of each container of each pod.
  static String name(Proposal proposal) {
    String whole =
        String.join(
            "\n",
            proposal.namespace(),
            proposal.pod(),
            proposal.uid(),
            proposal.container(),
            Integer.toString(proposal.run()));
    String shown = proposal.pod().replace('.', '-') + "-" + proposal.container();
    return shown.substring(0, Math.min(LONGEST_NAME, shown.length()))
        + "-"
        + UUID.nameUUIDFromBytes(whole.getBytes(UTF_8))
            .toString()
            .replace("-", "")
            .substring(0, DIGITS);
  }

  /// Writes one: again, where it is there already.
  ///
  /// @return its name
  /// @throws IOException where it cannot be written, with what to do
  public String write(Proposal proposal) throws IOException {
    String name = name(proposal);
    Mapping content = content(proposal);
    String what = "write a ConfigMap in namespace " + namespace;
    try {
      try {
        connection.patch(configMaps.item(name), PatchKind.MERGE, content, what);
      } catch (ApiFailure failed) {
        if (failed.code() != HttpURLConnection.HTTP_NOT_FOUND) {
          throw failed;
        }
        requireRoom(what);
        var _ = connection.create(configMaps.path(), object(name, content), what);
      }
      return name;
    } catch (ApiFailure failed) {
      if (failed.code() == HttpURLConnection.HTTP_FORBIDDEN) {
        throw new IOException(
            "the account of the agent needs `get`, `list`, `create` and `patch` of `configmaps` in"
                + " namespace "
                + namespace
                + " (deploy/recordings): "
                + failed.words(),
            failed);
      }
      throw failed;
    }
  }

  private void requireRoom(String what) throws IOException {
    if (connection.count(configMaps, what) >= MOST) {
      throw new IOException(
          "namespace "
              + namespace
              + " has "
              + MOST
              + " ConfigMaps already; remove those that were read");
    }
  }

  private Mapping content(Proposal proposal) {
    MappingBuilder data = new MappingBuilder();
    int bytes = 0;
    String profile = proposal.profile();
    if (profile != null) {
      data.put("profile.json", profile);
      bytes = profile.getBytes(UTF_8).length;
    } else {
      // One that is there is not of this recording.
      data.putNull("profile.json");
    }
    if (bytes + proposal.recording().getBytes(UTF_8).length <= LARGEST) {
      data.put("recording.json", proposal.recording());
    } else {
      data.put("recording.json", "too large for a ConfigMap; it is on node " + node + "\n");
    }
    return new MappingBuilder()
        .put(
            "metadata",
            new MappingBuilder()
                .put(
                    "annotations",
                    new MappingBuilder()
                        .put(
                            "portcullis.dev/recorded-pod",
                            proposal.namespace() + "/" + proposal.pod())
                        .put("portcullis.dev/recorded-pod-uid", proposal.uid())
                        .put("portcullis.dev/recorded-container", proposal.container())
                        .put("portcullis.dev/recorded-image", proposal.image())
                        .put("portcullis.dev/recorded-node", node)
                        .build())
                .build())
        .put("data", data.build())
        .build();
  }

  private Mapping object(String name, Mapping content) {
    MappingBuilder metadata = new MappingBuilder().put("name", name).put("namespace", namespace);
    StoredObject.mapping(content, "metadata")
        .entries()
        .forEach((key, entry) -> metadata.put(key, entry.value()));
    MappingBuilder object = new MappingBuilder().put("apiVersion", "v1").put("kind", "ConfigMap");
    content.entries().forEach((key, entry) -> object.put(key, entry.value()));
    return object.put("metadata", metadata.build()).build();
  }
}
