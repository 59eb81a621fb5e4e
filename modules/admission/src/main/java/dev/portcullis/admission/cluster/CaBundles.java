package dev.portcullis.admission.cluster;

import dev.portcullis.admission.certificate.BundleListener;
import dev.portcullis.cluster.ApiCollection;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.PatchKind;
import dev.portcullis.cluster.StoredObject;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// The certificates by which API servers know the webhook, in the configurations of both kinds.
///
/// @param namespace of the Service
/// @param service only webhooks that call this one are touched
public record CaBundles(ClusterConnection connection, String namespace, String service)
    implements BundleListener {
  /// The name of both configurations.
  static final String NAME = "portcullis";

  private static final String GROUP = "/apis/admissionregistration.k8s.io/v1/";

  /// The two kinds of configurations.
  static final ApiCollection MUTATING = ApiCollection.of(GROUP + "mutatingwebhookconfigurations");

  static final ApiCollection VALIDATING =
      ApiCollection.of(GROUP + "validatingwebhookconfigurations");

  /// A webhook in a configuration.
  private record Entry(int index, String name, Mapping config) {}

  @Override
  public void caBundle(byte[] pem) throws IOException {
    String bundle = Base64.getEncoder().encodeToString(pem);
    write(MUTATING, "MutatingWebhookConfiguration", bundle);
    write(VALIDATING, "ValidatingWebhookConfiguration", bundle);
  }

  private static List<Entry> entries(Mapping configuration) {
    List<Entry> entries = new ArrayList<>();
    if (configuration.present("webhooks") instanceof Sequence webhooks) {
      for (int i = 0; i < webhooks.items().size(); i++) {
        if (webhooks.items().get(i) instanceof Mapping webhook) {
          entries.add(
              new Entry(
                  i,
                  StoredObject.text(webhook, "name"),
                  StoredObject.mapping(webhook, "clientConfig")));
        }
      }
    }
    return entries;
  }

  private void write(ApiCollection configurations, String kind, String bundle) throws IOException {
    String configuration = kind + " \"" + NAME + "\"";
    String what = "write the caBundle of " + configuration;
    String path = configurations.item(NAME);
    Mapping found = connection.get(path, what);
    if (found == null) {
      throw new IOException(
          configuration + " is missing; without it no API server calls this webhook");
    }
    List<Value> steps = new ArrayList<>();
    for (Entry entry : entries(found)) {
      if (calls(entry.config()) && !bundle.equals(StoredObject.text(entry.config(), "caBundle"))) {
        steps.addAll(steps(entry, bundle));
      }
    }
    if (!steps.isEmpty()) {
      connection.patch(path, PatchKind.JSON, new Sequence(Position.NONE, steps), what);
    }
  }

  private boolean calls(Mapping config) {
    Mapping called = StoredObject.mapping(config, "service");
    return service.equals(StoredObject.text(called, "name"))
        && namespace.equals(StoredObject.text(called, "namespace"));
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
