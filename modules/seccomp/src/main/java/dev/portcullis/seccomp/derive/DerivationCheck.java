package dev.portcullis.seccomp.derive;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compare.Direction;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.ArgumentValues;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether a filter does what was requested: for every call that a change is about, whatever the
/// bits are that the kernel ignores.
public final class DerivationCheck {
  private DerivationCheck() {}

  /// What the filter does otherwise, in words; empty where all is as requested.
  public static List<String> unmet(
      List<ProfileEdit> changes, Filters filters, Architecture architecture, SyscallTable table) {
    Analysis<List<String>> understanding =
        FilterSemantics.ask(
            List.of(filters), meanings -> unmet(changes, meanings.getFirst(), architecture, table));
    return switch (understanding) {
      case Analysis.Undecided(String reason) -> List.of(reason);
      case Analysis.Understood(List<String> unmet) -> unmet;
    };
  }

  /// The same of a filter that is understood already.
  public static List<String> unmet(
      List<ProfileEdit> changes,
      FilterSemantics meaning,
      Architecture architecture,
      SyscallTable table) {
    List<String> unmet = new ArrayList<>();
    for (int at = 0; at < changes.size(); at++) {
      ProfileEdit change = changes.get(at);
      List<ProfileEdit> later = changes.subList(at + 1, changes.size());
      table
          .of(architecture)
          .forEach((number, name) -> {
            // What is changed twice is as the last change wants it.
            if (change.names().contains(name)
                && later.stream().noneMatch(each -> each.names().contains(name))) {
              List<List<ArgumentValues.Masked>> calls =
                  ArgumentBlocks.of(name, change.conditions());
              if (calls == null) {
                unmet.add(
                    "\"" + change.text() + "\": too many conditions on " + name + " to check");
              } else {
                otherwise(change, calls, architecture.token(), number, meaning)
                    .ifPresent(verdict ->
                        unmet.add("\"" + change.text() + "\": " + name + " is " + verdict));
              }
            }
          });
    }
    return unmet;
  }

  /// What is done with a call that the change is about, where it is the opposite.
  private static Optional<Verdict> otherwise(
      ProfileEdit change,
      List<List<ArgumentValues.Masked>> calls,
      int architecture,
      int number,
      FilterSemantics meaning) {
    return calls.stream()
        .flatMap(arguments -> meaning.verdicts(architecture, number, arguments).stream())
        .filter(verdict -> change.allow() ? verdict.kind() != Kind.ALLOW : verdict.kind().passes())
        .findFirst();
  }

  /// Where a filter differs in a direction that was not requested: weaker where calls were to be
  /// denied, stricter where they were to be allowed. Nothing where both were requested, or where it
  /// is not known.
  ///
  /// @param toOrigin the filter compared with what it was made from
  public static List<Difference> unexpected(
      List<ProfileEdit> changes, Analysis<Comparison> toOrigin) {
    boolean allows = changes.stream().anyMatch(ProfileEdit::allow);
    boolean denies = changes.stream().anyMatch(change -> !change.allow());
    if (allows == denies || !(toOrigin instanceof Analysis.Understood(Comparison compared))) {
      return List.of();
    }
    Direction unexpected = allows ? Direction.STRICTER : Direction.WEAKER;
    return compared.differences().stream()
        .filter(difference -> difference.direction() == unexpected)
        .toList();
  }
}
