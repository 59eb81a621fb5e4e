package dev.portcullis.admission.ruling;

import java.util.Map;

/// A node that tells which profiles it has.
///
/// @param labels the Node's
public record TellingNode(String name, Map<String, String> labels, Profiles profiles) {

  /// What a node has. Most nodes of a cluster have the same.
  ///
  /// @param digests of the profiles, by their names, `localhost/a/b.json`
  /// @param complete whether it has no others
  public record Profiles(Map<String, String> digests, boolean complete) {
    public Profiles {
      digests = Map.copyOf(digests);
    }
  }
}
