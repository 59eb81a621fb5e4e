package dev.portcullis.report;

import dev.portcullis.report.Confinement.State;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/// How many containers are in each state.
///
/// @param counts of every state
public record StateCounts(Map<State, Integer> counts) {
  public StateCounts {
    counts = Collections.unmodifiableMap(new EnumMap<>(counts));
  }

  static StateCounts of(
      Collection<Workload> workloads, Function<WorkloadContainer, Confinement> which) {
    EnumMap<State, Integer> counts = new EnumMap<>(State.class);
    for (State state : State.values()) {
      counts.put(state, 0);
    }
    for (Workload workload : workloads) {
      for (WorkloadContainer container : workload.containers()) {
        counts.merge(which.apply(container).state(), workload.pods(), Integer::sum);
      }
    }
    return new StateCounts(counts);
  }

  /// How many are in one.
  public int of(State state) {
    return Objects.requireNonNull(counts.get(state), "counts of every state");
  }

  /// All of them.
  public int all() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /// Those that run.
  public int running() {
    return all() - of(State.NOT_RUN);
  }
}
