package dev.portcullis.admission.cluster;

import dev.portcullis.admission.certificate.BundleListener;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// The certificates by which API servers know the webhook, in the configurations of both kinds.
///
/// @param namespace of the Service
/// @param service only webhooks that call this one are touched
public record CaBundles(ClusterConnection connection, String namespace, String service)
    implements BundleListener {
  /// The name of both configurations.
  static final String NAME = "portcullis";

  /// A webhook in a configuration.
  private record Entry(int index, String name, WebhookClientConfig config) {}

  @Override
  public void caBundle(byte[] pem) throws IOException {
    String bundle = Base64.getEncoder().encodeToString(pem);
    var api = connection.client().admissionRegistration().v1();
    write(
        api.mutatingWebhookConfigurations(),
        "MutatingWebhookConfiguration",
        CaBundles::entries,
        bundle);
    write(
        api.validatingWebhookConfigurations(),
        "ValidatingWebhookConfiguration",
        CaBundles::entries,
        bundle);
  }

  private static List<Entry> entries(MutatingWebhookConfiguration configuration) {
    var webhooks = configuration.getWebhooks();
    return IntStream.range(0, webhooks.size())
        .mapToObj(i -> new Entry(i, webhooks.get(i).getName(), webhooks.get(i).getClientConfig()))
        .toList();
  }

  private static List<Entry> entries(ValidatingWebhookConfiguration configuration) {
    var webhooks = configuration.getWebhooks();
    return IntStream.range(0, webhooks.size())
        .mapToObj(i -> new Entry(i, webhooks.get(i).getName(), webhooks.get(i).getClientConfig()))
        .toList();
  }

  private <T extends HasMetadata> void write(
      NonNamespaceOperation<T, ?, Resource<T>> configurations,
      String kind,
      Function<T, List<Entry>> entries,
      String bundle)
      throws IOException {
    String what = kind + " \"" + NAME + "\"";
    try {
      T configuration = configurations.withName(NAME).get();
      if (configuration == null) {
        throw new IOException(what + " is missing; without it no API server calls this webhook");
      }
      List<Value> steps = new ArrayList<>();
      for (Entry entry : entries.apply(configuration)) {
        if (calls(entry.config()) && !bundle.equals(entry.config().getCaBundle())) {
          steps.addAll(steps(entry, bundle));
        }
      }
      if (!steps.isEmpty()) {
        configurations
            .withName(NAME)
            .patch(
                PatchContext.of(PatchType.JSON),
                JsonWriter.compact(new Sequence(Position.NONE, steps)));
      }
    } catch (KubernetesClientException failed) {
      throw connection.failure("write the caBundle of " + what, failed);
    }
  }

  private boolean calls(WebhookClientConfig config) {
    return config.getService() != null
        && service.equals(config.getService().getName())
        && namespace.equals(config.getService().getNamespace());
  }

  /// The place is named by its number; the test makes sure that it still is that webhook.
  private static List<Mapping> steps(Entry entry, String bundle) {
    String path = "/webhooks/" + entry.index();
    return List.of(
        new MappingBuilder()
            .put("op", "test")
            .put("path", path + "/name")
            .put("value", entry.name())
            .build(),
        new MappingBuilder()
            .put("op", "add")
            .put("path", path + "/clientConfig/caBundle")
            .put("value", bundle)
            .build());
  }
}
