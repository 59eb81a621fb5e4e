package dev.portcullis.seccomp.compare;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compare.DifferenceGroups.Directed;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Which of two filters is stricter: on the programs that the kernel runs, for every call.
///
/// @param beside what else is not the same; empty where only filters were compared
public record Comparison(
    Relation relation, List<Difference> differences, List<Beside.Unlike> beside) {

  public Comparison {
    differences = List.copyOf(differences);
    beside = List.copyOf(beside);
  }

  /// The same of profiles, which have more than a filter.
  public Comparison beside(Beside first, Beside second) {
    List<Beside.Unlike> unlike = first.unlike(second);
    return new Comparison(unlike.isEmpty() ? relation : Relation.INCOMPARABLE, differences, unlike);
  }

  /// Compares for all architectures that a call may claim to have.
  public static Analysis<Comparison> of(Filters first, Filters second, SyscallTable table) {
    return of(first, second, table, Bounds.USUAL);
  }

  /// The same, with less or more effort.
  public static Analysis<Comparison> of(
      Filters first, Filters second, SyscallTable table, Bounds bounds) {
    return of(first, second, EnumSet.noneOf(Architecture.class), table, bounds);
  }

  /// Compares for some architectures only.
  ///
  /// @param architectures none means all that a call may claim to have
  public static Analysis<Comparison> of(
      Filters first, Filters second, Set<Architecture> architectures, SyscallTable table) {
    return of(first, second, architectures, table, Bounds.USUAL);
  }

  private static Analysis<Comparison> of(
      Filters first,
      Filters second,
      Set<Architecture> architectures,
      SyscallTable table,
      Bounds bounds) {
    return FilterSemantics.ask(
        List.of(first, second),
        bounds,
        meanings -> {
          Map<FilterSemantics.Pair, CallSet> found =
              meanings.getFirst().differences(meanings.getLast());
          List<Directed> directed = directed(found, new RightsTable(meanings.getFirst(), table));
          return compared(
              new DifferenceGroups(first::run, second::run, table).of(directed, architectures));
        });
  }

  /// The relation alone, of two filters that were understood together: without the words for their
  /// differences, which take longer than to find them. A call that shows each of them is run
  /// through both programs.
  ///
  /// @param filters both
  /// @param meanings of both, in their order
  public static Relation relation(
      List<Filters> filters, List<FilterSemantics> meanings, SyscallTable table) {
    Filters first = filters.getFirst();
    Filters second = filters.getLast();
    List<Directed> directed =
        directed(
            meanings.getFirst().differences(meanings.getLast()),
            new RightsTable(meanings.getFirst(), table));
    for (Directed each : directed) {
      DifferenceGroups.requireShown(each.calls().witness(), each.pair(), first::run, second::run);
    }
    return relation(directed.stream().map(Directed::direction).toList());
  }

  /// Compares a filter with what it should do, which need not be what one filter does.
  ///
  /// @param meaning of the filter
  /// @param unmet the calls with which it does something else
  /// @param is what it does with a call
  /// @param should what it should do
  public static Comparison of(
      FilterSemantics meaning,
      Map<FilterSemantics.Pair, CallSet> unmet,
      Function<Call, Verdict> is,
      Function<Call, Verdict> should,
      SyscallTable table) {
    return compared(
        new DifferenceGroups(is, should, table)
            .of(directed(unmet, new RightsTable(meaning, table)), List.of()));
  }

  /// Calls by which rights are given up apart from others, where that matters.
  private static List<Directed> directed(
      Map<FilterSemantics.Pair, CallSet> found, RightsTable rights) {
    List<Directed> directed = new ArrayList<>();
    found.forEach((pair, calls) -> {
      Direction usual = Direction.of(pair.mine(), pair.theirs());
      Direction ofRights = Direction.ofRights(pair.mine(), pair.theirs());
      if (usual == ofRights) {
        directed.add(new Directed(usual, pair, calls));
        return;
      }
      CallSet kept = rights.keptBy(pair.mine().kind(), calls);
      if (!kept.isEmpty()) {
        directed.add(new Directed(ofRights, pair, kept));
      }
      CallSet others = calls.minus(kept);
      if (!others.isEmpty()) {
        directed.add(new Directed(usual, pair, others));
      }
    });
    return directed;
  }

  private static Comparison compared(List<Difference> differences) {
    return new Comparison(
        relation(differences.stream().map(Difference::direction).toList()), differences, List.of());
  }

  private static Relation relation(List<Direction> directions) {
    boolean stricter = false;
    boolean weaker = false;
    boolean incomparable = false;
    for (Direction direction : directions) {
      switch (direction) {
        case STRICTER -> stricter = true;
        case WEAKER -> weaker = true;
        case FAKES_SUCCESS, ASKS, KEEPS_RIGHTS -> incomparable = true;
        case DATA -> {}
      }
    }
    return Relation.of(stricter, weaker, incomparable);
  }
}
