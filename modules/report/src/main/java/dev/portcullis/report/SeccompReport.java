package dev.portcullis.report;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What runs under which profile, who may use which, and what that leaves open: all that a reader
/// needs who sees nothing else. Values are as they were found; what writes them out escapes them.
///
/// @param basis what it rests on
/// @param workloads by namespace
/// @param profiles those that containers run under, today or with Portcullis
/// @param access who may use which
/// @param exposure to vulnerabilities of the kernel, the newest first
/// @param refused the calls that filters refused
/// @param notes what a reader has to know about how it was made
/// @param errors what could not be read, and is missing here
public record SeccompReport(
    Basis basis,
    List<Workload> workloads,
    List<ProfilePicture> profiles,
    Access access,
    List<Exposure> exposure,
    RefusalAccount refused,
    List<String> notes,
    List<String> errors) {
  public SeccompReport {
    workloads = List.copyOf(workloads);
    profiles = List.copyOf(profiles);
    exposure = List.copyOf(exposure);
    notes = List.copyOf(notes);
    errors = List.copyOf(errors);
  }

  /// One without anything about refused calls.
  public SeccompReport(
      Basis basis,
      List<Workload> workloads,
      List<ProfilePicture> profiles,
      Access access,
      List<Exposure> exposure,
      List<String> notes,
      List<String> errors) {
    this(basis, workloads, profiles, access, exposure, RefusalAccount.UNKNOWN, notes, errors);
  }

  /// What a report rests on.
  ///
  /// @param subject what it is about: files, or a cluster
  /// @param cluster whether that is a cluster
  /// @param kubernetes what it is compared with: `Kubernetes 1.36`
  /// @param runtimeDefault what `runtime/default` is taken to be; empty where that is not known
  /// @param policies where they come from; empty where none were given
  /// @param requester who is taken to create the pods, in words
  /// @param made when, as `2026-11-29T20:30:00Z`
  /// @param version of Portcullis
  /// @param commands how other verbs ask about the same
  public record Basis(
      String subject,
      boolean cluster,
      String kubernetes,
      String runtimeDefault,
      String policies,
      String requester,
      String made,
      String version,
      Commands commands) {}

  /// Words of command lines.
  ///
  /// @param files for what changes them; empty of a cluster
  /// @param exposed for what asks about vulnerabilities
  /// @param judged for what judges the same pods
  /// @param policies for what asks about the same policies
  public record Commands(String files, String exposed, String judged, String policies) {}

  /// The workloads of each namespace, by its name.
  Map<String, List<Workload>> byNamespace() {
    return workloads.stream()
        .collect(Collectors.groupingBy(Workload::namespace, TreeMap::new, Collectors.toList()));
  }

  /// Containers by what becomes of them.
  public StateCounts today() {
    return StateCounts.of(workloads, WorkloadContainer::today);
  }

  /// The same where Portcullis is installed.
  public StateCounts withPortcullis() {
    return StateCounts.of(workloads, WorkloadContainer::withPortcullis);
  }
}
