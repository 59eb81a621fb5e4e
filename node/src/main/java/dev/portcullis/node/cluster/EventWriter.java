package dev.portcullis.node.cluster;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Kubernetes' Events about pods, as `kubectl describe pod` shows them: one of a name is written
/// again and again, with what it is by then.
public final class EventWriter {
  private static final ResourceDefinitionContext EVENTS =
      new ResourceDefinitionContext.Builder()
          .withVersion("v1")
          .withKind("Event")
          .withPlural("events")
          .withNamespaced(true)
          .build();

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
  /// @param count how often it came, to be told
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
    try {
      // It may be there of an agent that ended since.
      try {
        // Of an object that it has, the client does not ask for it: kubelets may not read Events.
        event(subject, name)
            .patch(PatchContext.of(PatchType.JSON_MERGE), JsonWriter.compact(changing));
      } catch (KubernetesClientException failed) {
        if (failed.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
          throw failed;
        }
        create(subject, name, type, reason, changing, first);
      }
      return true;
    } catch (KubernetesClientException failed) {
      if (failed.getCode() == HttpURLConnection.HTTP_NOT_FOUND || isTerminating(failed)) {
        return false;
      }
      if (failed.getCode() <= 0) {
        throw connection.failure("write an Event", failed);
      }
      // What the server says of it names the Event and its namespace.
      throw new IOException(
          "the API server at "
              + connection.server()
              + ": HTTP "
              + failed.getCode()
              + (failed.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                  ? ": the account needs `create` and `patch` of `events` in all namespaces"
                  : ""),
          failed);
    }
  }

  private static boolean isTerminating(KubernetesClientException failed) {
    return failed.getStatus() != null
        && failed.getStatus().getDetails() != null
        && failed.getStatus().getDetails().getCauses().stream()
            .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
  }

  private Resource<GenericKubernetesResource> event(Subject subject, String name) {
    return resource(
        subject,
        new MappingBuilder()
            .put("apiVersion", "v1")
            .put("kind", "Event")
            .put("metadata", metadata(subject, name))
            .build());
  }

  private static Mapping metadata(Subject subject, String name) {
    return new MappingBuilder().put("name", name).put("namespace", subject.namespace()).build();
  }

  private Resource<GenericKubernetesResource> resource(Subject subject, Mapping event) {
    return connection
        .client()
        .genericKubernetesResources(EVENTS)
        .inNamespace(subject.namespace())
        .resource(
            connection
                .client()
                .getKubernetesSerialization()
                .unmarshal(JsonWriter.compact(event), GenericKubernetesResource.class));
  }

  private void create(
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
    var _ = resource(subject, event.build()).create();
  }
}
