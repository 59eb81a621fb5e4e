package dev.portcullis.cli.command;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Dialect;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The filters of a profile before and after a change, in the way of an OCI runtime.
record HealedFilters(Filters before, Filters after) {
  /// Those of all OCI runtimes, the same ones once; none where some cannot be had, which is
  /// reported.
  static List<HealedFilters> of(
      ChangedProfile origin, ChangedProfile healed, ChangedProfile.Setting setting) {
    Set<HealedFilters> all = new LinkedHashSet<>();
    for (Dialect dialect : Dialect.values()) {
      ChangedProfile.Setting its = setting.in(dialect);
      ChangedProfile first = its.compiled(origin.name(), origin.profile());
      ChangedProfile second = its.compiled(healed.name(), healed.profile());
      if (first == null || second == null) {
        return List.of();
      }
      all.add(new HealedFilters(first.filters(), second.filters()));
    }
    return List.copyOf(all);
  }
}
