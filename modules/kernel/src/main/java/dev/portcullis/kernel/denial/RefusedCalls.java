package dev.portcullis.kernel.denial;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.derive.ChangeText;
import dev.portcullis.seccomp.effect.Effect;
import dev.portcullis.seccomp.effect.Effects;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gives refused calls their names, and what would allow them, by the filters that refused them.
public final class RefusedCalls {
  /// Filters whose conditions are looked for. A process can make ever new ones, and the report must
  /// not wait for them.
  static final int MOST_UNDERSTOOD = 16;

  private final Architecture machine;
  private final Map<Integer, String> names;
  private final SyscallTable table;
  private final Bounds bounds;
  private final Map<Filters, Map<String, List<Effect>>> understood = new HashMap<>();

  /// @param bounds for what the filters do: anybody may have made them
  public RefusedCalls(Architecture machine, SyscallTable table, Bounds bounds) {
    this.machine = machine;
    this.table = table;
    this.bounds = bounds;
    names = table.of(machine);
  }

  /// A denial with the name of its call, and what would allow it.
  ///
  /// @param filters that may have refused it; of many, the first are asked for conditions
  /// @param <S> whose it is
  public <S> NamedDenial<S> of(Denial<S> denial, Collection<Filters> filters) {
    String name = names.get((int) denial.number());
    if (name == null) {
      return new NamedDenial<>(denial, Long.toString(denial.number()), machine, List.of());
    }
    return new NamedDenial<>(denial, name, machine, changes(denial, name, filters));
  }

  private List<String> changes(Denial<?> denial, String name, Collection<Filters> filters) {
    List<String> changes = new ArrayList<>();
    for (Filters each : filters) {
      for (Effect effect : effects(each, name)) {
        if (effect.verdict().equals(denial.verdict())) {
          changes.addAll(ChangeText.of(name, effect.condition()));
        }
      }
    }
    return changes.isEmpty() || changes.contains(name)
        ? List.of(name)
        : changes.stream().distinct().toList();
  }

  private List<Effect> effects(Filters filters, String name) {
    if (understood.size() >= MOST_UNDERSTOOD && !understood.containsKey(filters)) {
      return List.of();
    }
    Map<String, List<Effect>> byName = understood.computeIfAbsent(filters, this::understand);
    @Nullable List<Effect> found = byName.get(name);
    return found == null ? List.of() : found;
  }

  private Map<String, List<Effect>> understand(Filters filters) {
    Analysis<Effects> analysis =
        FilterSemantics.ask(
            List.of(filters),
            bounds,
            meanings -> Effects.of(meanings.getFirst(), List.of(machine), table));
    return switch (analysis) {
      case Analysis.Understood<Effects>(Effects effects) ->
          effects.architectures().getFirst().byName();
      case Analysis.Undecided<Effects> _ -> Map.of();
    };
  }
}
