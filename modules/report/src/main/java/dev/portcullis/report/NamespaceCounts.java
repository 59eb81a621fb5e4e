package dev.portcullis.report;

import dev.portcullis.report.Confinement.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// How many containers of a namespace are in each state.
record NamespaceCounts(String name, StateCounts today, StateCounts withPortcullis) {

  /// Those of a report; the ones with the most containers without a filter first.
  static List<NamespaceCounts> worstFirst(SeccompReport report) {
    List<NamespaceCounts> all = new ArrayList<>();
    report
        .byNamespace()
        .forEach((name, workloads) ->
            all.add(
                new NamespaceCounts(
                    name,
                    StateCounts.of(workloads, WorkloadContainer::today),
                    StateCounts.of(workloads, WorkloadContainer::withPortcullis))));
    all.sort(
        Comparator.comparingInt((NamespaceCounts each) -> each.today().of(State.UNCONFINED))
            .thenComparingInt(each -> each.today().all())
            .reversed()
            .thenComparing(NamespaceCounts::name));
    return all;
  }
}
