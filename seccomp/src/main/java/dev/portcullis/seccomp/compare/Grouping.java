package dev.portcullis.seccomp.compare;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.effect.Effects;
import dev.portcullis.seccomp.effect.NamedCalls;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.meaning.Condition;
import dev.portcullis.seccomp.meaning.Meaning;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Puts the calls with which two filters differ into groups that a person can read: by what is
/// done, which arguments, and which architectures.
final class Grouping {
  private record Group(
      List<String> names, String others, Condition condition, Verdict first, Verdict second) {}

  private final Filters first;
  private final Filters second;
  private final SyscallTable table;
  private final Map<Group, List<String>> where = new LinkedHashMap<>();
  private final Map<Group, Call> witnesses = new LinkedHashMap<>();

  Grouping(Filters first, Filters second, SyscallTable table) {
    this.first = first;
    this.second = second;
    this.table = table;
  }

  List<Difference> of(Map<Meaning.Pair, CallSet> found, Collection<Architecture> asked) {
    found.forEach((pair, calls) -> {
      for (Architecture architecture : asked.isEmpty() ? Effects.USUAL : asked) {
        add(pair, architecture, calls);
      }
      if (asked.isEmpty()) {
        addOthers(pair, calls);
      }
    });
    List<Difference> differences = new ArrayList<>();
    where.forEach((group, architectures) ->
        differences.add(
            new Difference(
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

  private void add(Meaning.Pair pair, Architecture architecture, CallSet all) {
    for (NamedCalls calls : NamedCalls.of(all, architecture, table)) {
      add(
          new Group(calls.names(), calls.others(), calls.condition(), pair.mine(), pair.theirs()),
          architecture.name().toLowerCase(Locale.ROOT),
          calls.calls());
    }
  }

  private void addOthers(Meaning.Pair pair, CallSet all) {
    List<Integer> tokens = Effects.USUAL.stream().map(Architecture::token).distinct().toList();
    CallSet calls = all.ofNoArchitecture(tokens);
    if (!calls.isEmpty()) {
      Condition some =
          new Condition(
              List.of(new Condition.Alternative(List.of())), calls.isEverythingBut(tokens));
      add(new Group(List.of(), "", some, pair.mine(), pair.theirs()), "other architectures", calls);
    }
  }

  private void add(Group group, String architecture, CallSet calls) {
    where.computeIfAbsent(group, _ -> new ArrayList<>()).add(architecture);
    witnesses.computeIfAbsent(group, _ -> calls.witness());
  }

  /// The witness, after both programs were run with it.
  private Call checked(Group group) {
    Call witness = witnesses.get(group);
    if (witness == null
        || !first.run(witness).equals(group.first())
        || !second.run(witness).equals(group.second())) {
      throw new IllegalStateException(
          "the meaning of a filter and its program disagree about " + witness);
    }
    return witness;
  }
}
