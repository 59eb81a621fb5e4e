package dev.portcullis.pods.object;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import java.util.List;

/// A Kubernetes object, before anybody looks at what its kind means.
///
/// @param apiVersion `v1`, `apps/v1`
/// @param kind `Pod`
/// @param manifest the whole object
public record KubernetesObject(String apiVersion, String kind, Mapping manifest)
    implements ObjectReader.Found {

  /// The API group: empty for the core group.
  public String group() {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /// `metadata.name`, else `metadata.generateName`, else a place holder; for messages.
  public String label() {
    if (manifest.present("metadata") instanceof Mapping metadata) {
      for (String key : List.of("name", "generateName")) {
        if (metadata.present(key) instanceof Value.Text name) {
          return kind + " " + GoQuote.quote(name.value());
        }
      }
    }
    return kind + " without a name";
  }

  /// Whether an API server has it: all that it stores have a uid.
  public boolean isStored() {
    return manifest.present("metadata") instanceof Mapping metadata
        && metadata.present("uid") != null;
  }

  public Position at() {
    return manifest.at();
  }
}
