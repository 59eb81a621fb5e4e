package dev.portcullis.profiles.exposure;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Relation;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.derive.ChangeReader;
import dev.portcullis.seccomp.derive.Derivation;
import dev.portcullis.seccomp.derive.DerivationCheck;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.syscall.IoUringOperations;
import dev.portcullis.seccomp.syscall.MultiplexedCalls;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Looks for changes of profiles that close ways to vulnerabilities, and proves each: a change
/// counts only if the filter that libseccomp makes of it is stricter, and closes what it should.
public final class ClosingSearch {
  private final Compiler compiler;
  private final Dialect dialect;
  private final SyscallTable table;
  private final CallNumbers numbers;
  private final ChangeReader calls;

  /// @param calls reads changes
  public ClosingSearch(
      Compiler compiler,
      Dialect dialect,
      SyscallTable table,
      CallNumbers numbers,
      ChangeReader calls) {
    this.compiler = compiler;
    this.dialect = dialect;
    this.table = table;
    this.numbers = numbers;
    this.calls = calls;
  }

  /// What was found for a profile.
  ///
  /// @param closings with the changes that take the least first
  /// @param without why there is none, for each vulnerability without
  public record Found(List<ClosingChange> closings, Map<Vulnerability, String> without) {
    public Found {
      closings = List.copyOf(closings);
      without = Collections.unmodifiableMap(new LinkedHashMap<>(without));
    }
  }

  /// What a try came to.
  private sealed interface Tried {
    record Proven(ClosingChange closing) implements Tried {}

    record Failed(String reason) implements Tried {}
  }

  /// Looks for changes that close all at once, and where there are none, for each by itself.
  ///
  /// @param origin the profile
  /// @param before its filter
  /// @param reached what is reached with it, and is to be closed
  public Found of(
      ResolvedProfile origin,
      Filters before,
      Privileges privileges,
      Map<Vulnerability, Reach> reached) {
    Map<Vulnerability, String> without = new LinkedHashMap<>();
    Map<Vulnerability, Reach> closable = new LinkedHashMap<>();
    reached.forEach((vulnerability, reach) -> {
      if (plans(vulnerability.needs()).isEmpty()) {
        without.put(vulnerability, "no call can be denied that closes it");
      } else {
        closable.put(vulnerability, reach);
      }
    });
    if (closable.isEmpty()) {
      return new Found(List.of(), without);
    }
    Analysis<Found> found =
        FilterSemantics.ask(
            List.of(before),
            meanings ->
                of(new Search(origin, before, meanings.getFirst(), privileges), closable, without));
    return switch (found) {
      case Analysis.Understood(Found understood) -> understood;
      case Analysis.Undecided(String why) -> {
        closable.keySet().forEach(each -> without.put(each, why));
        yield new Found(List.of(), without);
      }
    };
  }

  /// @param without those of which it is known already
  private static Found of(
      Search search, Map<Vulnerability, Reach> closable, Map<Vulnerability, String> without) {
    List<Need.Calls> together = new ArrayList<>();
    closable.keySet().forEach(each -> together.addAll(plans(each.needs()).getFirst()));
    List<ClosingChange> closings = new ArrayList<>(search.closings(together, closable));
    Map<Vulnerability, String> reasons = new LinkedHashMap<>(without);
    if (closings.isEmpty()) {
      closable.forEach(
          (vulnerability, reach) -> alone(search, vulnerability, reach, closings, reasons));
    }
    return new Found(closings, reasons);
  }

  private static void alone(
      Search search,
      Vulnerability vulnerability,
      Reach reach,
      List<ClosingChange> closings,
      Map<Vulnerability, String> without) {
    for (List<Need.Calls> plan : plans(vulnerability.needs())) {
      List<ClosingChange> found = search.closings(plan, Map.of(vulnerability, reach));
      if (!found.isEmpty()) {
        closings.addAll(found);
        return;
      }
    }
    without.put(vulnerability, search.reason);
  }

  /// Calls that close a way when all of a plan are denied; the plans in the order of the catalogue.
  private static List<List<Need.Calls>> plans(Need need) {
    return switch (need) {
      case Need.Calls step -> List.of(List.of(step));
      case Need.NewNamespaces _, Need.Capability _ -> List.of();
      case Need.AllOf(List<Need> needs) ->
          needs.stream().flatMap(each -> plans(each).stream()).toList();
      case Need.AnyOf(List<Need> needs) -> {
        List<Need.Calls> all = new ArrayList<>();
        for (Need each : needs) {
          List<List<Need.Calls>> plans = plans(each);
          if (plans.isEmpty()) {
            yield List.of();
          }
          all.addAll(plans.getFirst());
        }
        yield List.of(all);
      }
    };
  }

  private static boolean isDoneByRings(Need.Calls step) {
    return step.denied().names().stream().anyMatch(IoUringOperations.CALLS::contains);
  }

  /// The search for one profile, which is understood once.
  private final class Search {
    private final ResolvedProfile origin;
    private final Filters before;
    private final FilterSemantics meaning;
    private final Privileges privileges;

    /// Why the last try failed.
    private String reason = "";

    /// @param meaning of the filter before
    Search(ResolvedProfile origin, Filters before, FilterSemantics meaning, Privileges privileges) {
      this.origin = origin;
      this.before = before;
      this.meaning = meaning;
      this.privileges = privileges;
    }

    /// What takes the least first, and after it what closes more: calls that stand for many are
    /// denied, too, and where that is not enough, architectures are left out.
    List<ClosingChange> closings(List<Need.Calls> plan, Map<Vulnerability, Reach> reached) {
      Set<String> narrow = new LinkedHashSet<>();
      Set<String> multiplexed = new LinkedHashSet<>();
      for (Need.Calls step : plan) {
        narrow.add(step.text());
        step.denied().names().forEach(name -> multiplexed.addAll(multiplexed(name)));
      }
      if (plan.stream().anyMatch(ClosingSearch::isDoneByRings) && makesRings()) {
        narrow.add(IoUringOperations.SETUP);
      }
      Set<String> wide = new LinkedHashSet<>(narrow);
      wide.addAll(multiplexed);
      List<ClosingChange> closings = new ArrayList<>();
      Map<Vulnerability, Reach> left = reached;
      for (Set<String> denied : List.of(narrow, wide)) {
        if (isOpen(left)) {
          left = tried(List.copyOf(denied), List.of(), reached, left, multiplexed, closings);
        }
      }
      List<Architecture> others =
          numbers.machine().companions().stream().filter(origin.architectures()::contains).toList();
      if (isOpen(left) && !others.isEmpty()) {
        tried(List.copyOf(narrow), others, reached, left, multiplexed, closings);
      }
      return closings;
    }

    private boolean makesRings() {
      return calls.read(false, IoUringOperations.SETUP)
              instanceof ChangeReader.Reading.Read(ProfileEdit edit)
          && ReachAnalysis.passes(before, meaning, new Need.Calls(edit), numbers);
    }

    /// What is left after a change, which is kept where it is proven and closes more.
    private Map<Vulnerability, Reach> tried(
        List<String> denied,
        List<Architecture> without,
        Map<Vulnerability, Reach> reached,
        Map<Vulnerability, Reach> left,
        Set<String> multiplexed,
        List<ClosingChange> closings) {
      return switch (tried(denied, without, reached, multiplexed)) {
        case Tried.Failed(String why) -> {
          reason = why;
          yield left;
        }
        case Tried.Proven(ClosingChange closing) -> {
          if (!isBetter(closing.after(), left)) {
            reason = "to deny " + String.join(", ", denied) + " does not close it";
            yield left;
          }
          closings.add(closing);
          yield closing.after();
        }
      };
    }

    private List<String> multiplexed(String name) {
      return MultiplexedCalls.of(name).stream()
          .filter(entry -> entry.call().equals("socketcall"))
          .filter(entry -> numbers.names().contains(entry.call()))
          .map(entry -> entry.call() + ":call==" + entry.number())
          .toList();
    }

    private Tried tried(
        List<String> changes,
        List<Architecture> without,
        Map<Vulnerability, Reach> reached,
        Set<String> multiplexed) {
      List<ProfileEdit> edits = new ArrayList<>();
      for (String change : changes) {
        switch (calls.read(false, change)) {
          case ChangeReader.Reading.Read(ProfileEdit edit) -> edits.add(edit);
          case ChangeReader.Reading.Wrong(String why) -> {
            return new Tried.Failed(why);
          }
        }
      }
      return switch (Derivation.of(origin, edits)) {
        case Derivation.Impossible(String why) -> new Tried.Failed(why);
        case Derivation.Derived(ResolvedProfile profile) -> {
          ResolvedProfile derived = profile.without(without);
          yield switch (compiler.compile(derived, dialect)) {
            case Compilation.Compiled compiled ->
                proven(
                    edits, without, derived, Filters.of(compiled.program()), reached, multiplexed);
            case Compilation.Refused(String why) -> new Tried.Failed(why);
            case Compilation.Undecided undecided -> new Tried.Failed(undecided.text());
            case Compilation.Unavailable(String why) -> new Tried.Failed(why);
          };
        }
      };
    }

    private Tried proven(
        List<ProfileEdit> edits,
        List<Architecture> without,
        ResolvedProfile derived,
        Filters filters,
        Map<Vulnerability, Reach> reached,
        Set<String> multiplexed) {
      FilterSemantics after = meaning.beside(filters);
      List<String> unmet = DerivationCheck.unmet(edits, after, numbers.machine(), table);
      if (!unmet.isEmpty()) {
        return new Tried.Failed("libseccomp makes something else of " + unmet.getFirst());
      }
      List<String> changes = edits.stream().map(ProfileEdit::text).toList();
      Relation relation =
          Comparison.relation(List.of(filters, before), List.of(after, meaning), table);
      if (relation != Relation.STRICTER) {
        return new Tried.Failed(
            "to deny "
                + String.join(", ", changes)
                + " makes the profile "
                + relation
                + ", not STRICTER");
      }
      return new Tried.Proven(
          new ClosingChange(
              changes,
              without,
              derived,
              ReachAnalysis.of(filters, after, privileges, reached.keySet(), numbers),
              takes(multiplexed, filters, after)));
    }

    /// Whether a call that stands for others passes no more.
    private boolean takes(Set<String> multiplexed, Filters filters, FilterSemantics after) {
      for (String each : multiplexed) {
        if (calls.read(false, each) instanceof ChangeReader.Reading.Read(ProfileEdit edit)) {
          Need.Calls call = new Need.Calls(edit);
          if (ReachAnalysis.passes(before, meaning, call, numbers)
              && !ReachAnalysis.passes(filters, after, call, numbers)) {
            return true;
          }
        }
      }
      return false;
    }
  }

  private static boolean isOpen(Map<Vulnerability, Reach> left) {
    return left.values().stream().anyMatch(each -> rank(each) > 0);
  }

  /// Whether each is closed further.
  private static boolean isBetter(
      Map<Vulnerability, Reach> after, Map<Vulnerability, Reach> before) {
    return before.entrySet().stream()
        .allMatch(each -> {
          Reach now = after.get(each.getKey());
          return now != null && (rank(now) < rank(each.getValue()) || rank(each.getValue()) == 0);
        });
  }

  /// How far open it is.
  private static int rank(Reach reach) {
    return switch (reach.outcome()) {
      case CLOSED -> 0;
      case CLOSED_IN_PART -> 1;
      case UNDECIDED, REACHABLE -> 2;
    };
  }
}
