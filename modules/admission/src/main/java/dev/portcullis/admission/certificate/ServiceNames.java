package dev.portcullis.admission.certificate;

import java.util.List;

/// The names under which clients know the webhook's Service.
public record ServiceNames(String service, String namespace) {
  /// The first is the one that an API server asks for; the second is for scraping metrics.
  List<String> dns() {
    String name = service + "." + namespace + ".svc";
    return List.of(name, name + ".cluster.local");
  }
}
