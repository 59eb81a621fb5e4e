package dev.portcullis.seccomp.compare;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.effect.Effects;
import dev.portcullis.seccomp.effect.NamedCalls;
import dev.portcullis.seccomp.meaning.CallCondition;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Puts the calls with which two filters differ into groups that a person can read: by what is
/// done, which arguments, and which architectures.
final class DifferenceGroups {
  private record Group(
      Direction direction,
      List<String> names,
      String others,
      CallCondition condition,
      Verdict first,
      Verdict second) {}

  /// Calls with which they differ, and what that means.
  record Directed(Direction direction, FilterSemantics.Pair pair, CallSet calls) {}

  private final Function<Call, Verdict> first;
  private final Function<Call, Verdict> second;
  private final SyscallTable table;
  private final Map<Group, List<String>> where = new LinkedHashMap<>();
  private final Map<Group, Call> witnesses = new LinkedHashMap<>();

  /// @param first what the first does with a call
  /// @param second what the second does
  DifferenceGroups(
      Function<Call, Verdict> first, Function<Call, Verdict> second, SyscallTable table) {
    this.first = first;
    this.second = second;
    this.table = table;
  }

  List<Difference> of(List<Directed> found, Collection<Architecture> asked) {
    for (Directed each : found) {
      for (Architecture architecture : asked.isEmpty() ? Effects.USUAL : asked) {
        add(each, architecture);
      }
      if (asked.isEmpty()) {
        addOthers(each);
      }
    }
    List<Difference> differences = new ArrayList<>();
    where.forEach((group, architectures) ->
        differences.add(
            new Difference(
                group.direction(),
                architectures,
                group.names(),
                group.others(),
                group.condition(),
                group.first(),
                group.second(),
                checked(group))));
    differences.sort(
        Comparator.comparing(Difference::direction)
            .thenComparing(difference -> String.join(",", difference.names())));
    return differences;
  }

  private void add(Directed directed, Architecture architecture) {
    for (NamedCalls calls : NamedCalls.of(directed.calls(), architecture, table)) {
      add(
          group(directed, calls.names(), calls.others(), calls.condition()),
          architecture.name().toLowerCase(Locale.ROOT),
          calls.calls());
    }
  }

  private void addOthers(Directed directed) {
    List<Integer> tokens = Effects.USUAL.stream().map(Architecture::token).distinct().toList();
    CallSet calls = directed.calls().ofNoArchitecture(tokens);
    if (!calls.isEmpty()) {
      CallCondition some =
          new CallCondition(
              List.of(new CallCondition.Alternative(List.of())), calls.isEverythingBut(tokens));
      add(group(directed, List.of(), "", some), "other architectures", calls);
    }
  }

  private static Group group(
      Directed directed, List<String> names, String others, CallCondition condition) {
    FilterSemantics.Pair pair = directed.pair();
    return new Group(directed.direction(), names, others, condition, pair.mine(), pair.theirs());
  }

  private void add(Group group, String architecture, CallSet calls) {
    where.computeIfAbsent(group, _ -> new ArrayList<>()).add(architecture);
    witnesses.computeIfAbsent(group, _ -> calls.witness());
  }

  /// The witness, after both programs were run with it.
  private Call checked(Group group) {
    return requireShown(
        witnesses.get(group),
        new FilterSemantics.Pair(group.first(), group.second()),
        first,
        second);
  }

  /// A call that shows a difference, after both programs were run with it.
  static Call requireShown(
      @Nullable Call witness,
      FilterSemantics.Pair pair,
      Function<Call, Verdict> first,
      Function<Call, Verdict> second) {
    if (witness == null
        || !first.apply(witness).equals(pair.mine())
        || !second.apply(witness).equals(pair.theirs())) {
      throw new IllegalStateException(
          "the meaning of a filter and its program disagree about " + witness);
    }
    return witness;
  }
}
