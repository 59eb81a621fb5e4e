package dev.portcullis.node.cluster;

import dev.portcullis.cluster.ApiCollection;
import dev.portcullis.cluster.ApiFailure;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.PatchKind;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Kubernetes' Events about pods, as `kubectl describe pod` shows them: one of a name is written
/// again and again, with what it is by then.
public final class EventWriter {
  private static final String WHAT = "write an Event";

  private final ClusterConnection connection;
  private final String node;

  /// Whether something is wrong.
  public enum Type {
    NORMAL("Normal"),
    WARNING("Warning");

    private final String text;

    Type(String text) {
      this.text = text;
    }
  }

  /// Which container an Event is about.
  ///
  /// @param uid of the pod
  public record Subject(String namespace, String pod, String uid, String container) {}

  public EventWriter(ClusterConnection connection, String node) {
    this.connection = connection;
    this.node = node;
  }

  /// Writes one.
  ///
  /// @param name of the Event: the same for the same matter
  /// @param count how often it came, to be reported
  /// @return false where there can be no Event, as the namespace has gone or goes
  /// @throws IOException where it cannot be written, without the name of a pod
  public boolean write(
      Subject subject,
      String name,
      Type type,
      String reason,
      String message,
      long count,
      Instant first)
      throws IOException {
    Mapping changing =
        new MappingBuilder()
            .put("message", message)
            .put("count", Math.min(count, Integer.MAX_VALUE))
            .put("lastTimestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
            .build();
    ApiCollection events = ApiCollection.of("/api/v1", subject.namespace(), "events");
    try {
      // It may be there of an agent that ended since. It is not asked for: kubelets may not read
      // Events.
      try {
        connection.patch(events.item(name), PatchKind.MERGE, changing, WHAT);
      } catch (ApiFailure failed) {
        if (failed.code() != HttpURLConnection.HTTP_NOT_FOUND) {
          throw failed;
        }
        Mapping event = event(subject, name, type, reason, changing, first);
        var _ = connection.create(events.path(), event, WHAT);
      }
      return true;
    } catch (ApiFailure failed) {
      if (failed.code() == HttpURLConnection.HTTP_NOT_FOUND
          || failed.isFor("NamespaceTerminating")) {
        return false;
      }
      if (failed.code() <= 0) {
        throw failed;
      }
      // The server's own message names the Event and its namespace.
      throw new IOException(
          "the API server at "
              + connection.server()
              + ": HTTP "
              + failed.code()
              + (failed.code() == HttpURLConnection.HTTP_FORBIDDEN
                  ? ": the account needs `create` and `patch` of `events` in all namespaces"
                  : ""),
          failed);
    }
  }

  private static Mapping metadata(Subject subject, String name) {
    return new MappingBuilder().put("name", name).put("namespace", subject.namespace()).build();
  }

  private Mapping event(
      Subject subject, String name, Type type, String reason, Mapping changing, Instant first) {
    MappingBuilder event =
        new MappingBuilder()
            .put("apiVersion", "v1")
            .put("kind", "Event")
            .put("metadata", metadata(subject, name))
            .put(
                "involvedObject",
                new MappingBuilder()
                    .put("apiVersion", "v1")
                    .put("kind", "Pod")
                    .put("namespace", subject.namespace())
                    .put("name", subject.pod())
                    .put("uid", subject.uid())
                    .put("fieldPath", "spec.containers{" + subject.container() + "}")
                    .build())
            .put("type", type.text)
            .put("reason", reason)
            .put("firstTimestamp", first.truncatedTo(ChronoUnit.SECONDS).toString())
            .put(
                "source",
                new MappingBuilder().put("component", "portcullis").put("host", node).build());
    changing.entries().forEach((key, entry) -> event.put(key, entry.value()));
    return event.build();
  }
}
