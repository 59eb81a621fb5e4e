package dev.portcullis.seccomp.heal;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Records that differ only in how often, where and in which workload: a filter has one answer for
/// all of them, and it is asked once. A log may hold the same call a hundred thousand times.
final class DenialGroup {
  private final DenialRecord first;
  private final Set<String> places = new LinkedHashSet<>();
  private final Set<String> workloads = new LinkedHashSet<>();
  private long count;

  private DenialGroup(DenialRecord first) {
    this.first = first;
  }

  /// Puts records together, in the order in which each kind was first seen.
  static Collection<DenialGroup> of(List<DenialRecord> denials) {
    Map<DenialRecord, DenialGroup> groups = new LinkedHashMap<>();
    for (DenialRecord denial : denials) {
      groups.computeIfAbsent(denial.kindOfCall(), _ -> new DenialGroup(denial)).add(denial);
    }
    return groups.values();
  }

  private void add(DenialRecord denial) {
    count = HealProposal.sum(count, denial.count());
    if (places.size() < HealProposal.MOST_PLACES) {
      places.add(denial.where());
    }
    if (!denial.workload().isEmpty()) {
      workloads.add(denial.workload());
    }
  }

  /// One of them, for what all have in common.
  DenialRecord first() {
    return first;
  }

  /// How often in all.
  long count() {
    return count;
  }

  /// Where, each place once, in words; no more than a proposal has.
  List<String> places() {
    return List.copyOf(places);
  }

  /// The workloads that are known.
  Set<String> workloads() {
    return workloads;
  }
}
