package dev.portcullis.report;

import java.util.List;

/// A container of a workload.
///
/// @param name with its kind where it is no regular one
/// @param today what becomes of it without Portcullis
/// @param withPortcullis and with it
/// @param reached the ids of the vulnerabilities that its filter and its rights leave open today,
///   for some architecture of the machine
/// @param undecided the ids of those of which that cannot be said
public record WorkloadContainer(
    String name,
    Confinement today,
    Confinement withPortcullis,
    List<String> reached,
    List<String> undecided) {
  public WorkloadContainer {
    reached = List.copyOf(reached);
    undecided = List.copyOf(undecided);
  }
}
