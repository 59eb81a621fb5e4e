package dev.portcullis.admission.ruling;

import java.util.Map;

/// A node that reports which profiles it has.
///
/// @param labels the Node's
public record ReportingNode(
    String name, Map<String, String> labels, Profiles profiles, NodeRuntime runtime) {

  /// What makes filters there. Empty where the node does not report it.
  ///
  /// @param name of the container runtime, as the Node has it: `containerd`, `cri-o`
  /// @param version the container runtime's
  /// @param libseccomp the version that its OCI runtime has
  public record NodeRuntime(String name, String version, String libseccomp) {
    /// Of a node that does not report it.
    public static final NodeRuntime UNTOLD = new NodeRuntime("", "", "");
  }

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
