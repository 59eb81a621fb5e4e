package dev.portcullis.seccomp.compare;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.meaning.Condition;
import dev.portcullis.seccomp.meaning.Meaning;
import dev.portcullis.seccomp.meaning.Numbers;
import dev.portcullis.seccomp.meaning.Range;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.stream.Collectors;

/// Puts the calls with which two filters differ into groups that a person can read: by what is
/// done, which arguments, and which architectures.
final class Grouping {
  /// The architectures that have names where nobody asks for others.
  private static final List<Architecture> USUAL =
      List.of(
          Architecture.X86_64,
          Architecture.X86,
          Architecture.X32,
          Architecture.AARCH64,
          Architecture.ARM);

  private static final int X32_BIT = 0x40000000;
  private static final int SIGN = 0x80000000;
  private static final int X32_AND_ABOVE = SIGN | X32_BIT;
  private static final int MOST_RANGES = 6;

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
      for (Architecture architecture : asked.isEmpty() ? USUAL : asked) {
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
    int token = architecture.token();
    CallSet calls = all.ofArchitecture(token);
    if (architecture == Architecture.X86_64) {
      calls = calls.ofNumbers(X32_AND_ABOVE, 0);
    } else if (architecture == Architecture.X32) {
      // As the kernel and libseccomp do it: what is not below the bit.
      calls = calls.ofNumbers(X32_BIT, X32_BIT).or(calls.ofNumbers(SIGN, SIGN));
    }
    if (calls.isEmpty()) {
      return;
    }
    NavigableMap<Integer, String> known = table.of(architecture);
    for (CallSet.SameArguments same : calls.byArguments(token)) {
      List<Integer> named = known.keySet().stream().filter(same.numbers()::contains).toList();
      Group group =
          new Group(
              named.stream().map(known::get).distinct().sorted().toList(),
              text(same.numbers().without(named)),
              same.condition(),
              pair.mine(),
              pair.theirs());
      add(
          group,
          architecture.name().toLowerCase(Locale.ROOT),
          named.stream()
              .min(Comparator.comparing(known::get))
              .map(number -> same.calls().ofNumbers(-1, number))
              .orElse(same.calls()));
    }
  }

  private void addOthers(Meaning.Pair pair, CallSet all) {
    List<Integer> tokens = USUAL.stream().map(Architecture::token).distinct().toList();
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

  private static String text(Numbers numbers) {
    if (numbers.isEmpty()) {
      return "";
    }
    List<Range> ranges = numbers.ranges(MOST_RANGES);
    if (ranges == null) {
      return "many numbers";
    }
    return ranges.stream()
        .map(range ->
            range.isSingle() ? Long.toString(range.from()) : range.from() + "-" + range.to())
        .collect(Collectors.joining(", "));
  }
}
