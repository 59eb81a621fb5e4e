package dev.portcullis.cli.running;

import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.run.pod.PodPlan;
import dev.portcullis.run.pod.PreparedProfile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// A pod of which nothing is left to ask before it can run.
///
/// @param profiles of its containers, by name
public record PreparedPod(JudgedPod judged, PodPlan plan, Map<String, PreparedProfile> profiles) {
  public PreparedPod {
    profiles = Map.copyOf(profiles);
  }

  /// Whether a container of it names a file.
  boolean namesFile() {
    return profiles.values().stream().anyMatch(profile -> profile.path() != null);
  }

  /// The same for the Portcullis of a node.
  PreparedPod forNode(Path nodeRoot) {
    Map<String, PreparedProfile> there = new HashMap<>();
    profiles.forEach((container, profile) -> there.put(container, profile.forNode(nodeRoot)));
    return new PreparedPod(judged, plan, there);
  }
}
