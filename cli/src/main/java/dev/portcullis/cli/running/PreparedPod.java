package dev.portcullis.cli.running;

import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.node.pod.PodPlan;
import dev.portcullis.node.pod.PreparedProfile;
import java.util.Map;

/// A pod of which nothing is left to ask before it can run.
///
/// @param profiles of its containers, by name
public record PreparedPod(JudgedPod judged, PodPlan plan, Map<String, PreparedProfile> profiles) {
  public PreparedPod {
    profiles = Map.copyOf(profiles);
  }
}
