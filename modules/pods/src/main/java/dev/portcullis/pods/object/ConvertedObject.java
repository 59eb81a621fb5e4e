package dev.portcullis.pods.object;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Value;
import java.util.List;

/// An object that was made of another one.
///
/// @param from the other one, in words
/// @param differences what it means otherwise than the other one meant, in sentences
public record ConvertedObject(KubernetesObject object, String from, List<String> differences) {
  public ConvertedObject {
    differences = List.copyOf(differences);
  }

  /// Its kind and name, with the namespace where it has one.
  public String label() {
    Mapping manifest = object.manifest();
    return manifest.present("metadata") instanceof Mapping metadata
            && metadata.present("namespace") instanceof Value.Text namespace
        ? object.label() + " in namespace " + GoQuote.quote(namespace.value())
        : object.label();
  }
}
