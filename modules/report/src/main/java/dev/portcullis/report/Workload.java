package dev.portcullis.report;

import java.util.List;

/// A workload, or pods of a namespace that are alike in all that is said here.
///
/// @param apiVersion of its kind
/// @param kind `Deployment`, `Pod`
/// @param names its own, or those of the pods; empty of one without a name, which no API server
///   takes
/// @param pods how many they are; one for a template
/// @param place where it stands; empty of a cluster
/// @param refusals why Portcullis refuses it; none where it is admitted
public record Workload(
    String namespace,
    String apiVersion,
    String kind,
    List<String> names,
    int pods,
    String place,
    List<String> refusals,
    List<WorkloadContainer> containers) {
  public Workload {
    names = List.copyOf(names);
    refusals = List.copyOf(refusals);
    containers = List.copyOf(containers);
  }

  /// `web`, or `web-0 and 4 like it`.
  public String label() {
    String first = names.getFirst().isEmpty() ? "(without a name)" : names.getFirst();
    return names.size() == 1 ? first : first + " and " + (names.size() - 1) + " like it";
  }

  /// How many of its containers, in all pods, are in a state today.
  public int today(Confinement.State state) {
    return pods * (int) containers.stream().filter(each -> each.today().state() == state).count();
  }

  /// Whether Portcullis refuses it.
  public boolean refused() {
    return !refusals.isEmpty();
  }
}
