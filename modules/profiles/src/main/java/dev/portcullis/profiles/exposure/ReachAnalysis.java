package dev.portcullis.profiles.exposure;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Which vulnerabilities a process reaches, exactly as its filters decide. Every call that is said
/// to pass was run through their programs.
public final class ReachAnalysis {
  private final Filters filters;
  private final FilterSemantics meaning;
  private final Privileges privileges;
  private final CallNumbers numbers;

  private ReachAnalysis(
      Filters filters, FilterSemantics meaning, Privileges privileges, CallNumbers numbers) {
    this.filters = filters;
    this.meaning = meaning;
    this.privileges = privileges;
    this.numbers = numbers;
  }

  /// Understands the filters once, and answers for every one of the vulnerabilities, for processes
  /// with these privileges.
  public static Map<Privileges, Map<Vulnerability, Reach>> of(
      Filters filters,
      Collection<Privileges> privileges,
      List<Vulnerability> vulnerabilities,
      CallNumbers numbers) {
    Analysis<Map<Privileges, Map<Vulnerability, Reach>>> analysis =
        FilterSemantics.ask(
            List.of(filters),
            meanings -> {
              Map<Privileges, Map<Vulnerability, Reach>> all = new LinkedHashMap<>();
              for (Privileges each : privileges) {
                all.put(each, of(filters, meanings.getFirst(), each, vulnerabilities, numbers));
              }
              return all;
            });
    return switch (analysis) {
      case Analysis.Understood(Map<Privileges, Map<Vulnerability, Reach>> all) -> all;
      case Analysis.Undecided(String reason) -> {
        Map<Privileges, Map<Vulnerability, Reach>> all = new LinkedHashMap<>();
        privileges.forEach(each -> all.put(each, undecided(vulnerabilities, reason)));
        yield all;
      }
    };
  }

  /// The same for one process.
  public static Map<Vulnerability, Reach> of(
      Filters filters,
      Privileges privileges,
      List<Vulnerability> vulnerabilities,
      CallNumbers numbers) {
    return of(filters, List.of(privileges), vulnerabilities, numbers)
        .getOrDefault(privileges, Map.of());
  }

  /// The same of filters that are understood already.
  static Map<Vulnerability, Reach> of(
      Filters filters,
      FilterSemantics meaning,
      Privileges privileges,
      Collection<Vulnerability> vulnerabilities,
      CallNumbers numbers) {
    ReachAnalysis made = new ReachAnalysis(filters, meaning, privileges, numbers);
    Map<Vulnerability, Reach> reached = new LinkedHashMap<>();
    vulnerabilities.forEach(one -> reached.put(one, made.reach(one.needs())));
    return reached;
  }

  /// Whether filters let a call through, on some architecture of the machine; also where that
  /// cannot be decided.
  static boolean passes(
      Filters filters, FilterSemantics meaning, Need.Calls call, CallNumbers numbers) {
    return new ReachAnalysis(filters, meaning, new Privileges(Set.of(), true), numbers)
            .evaluate(call, numbers.architectures())
            .answer()
        != Possibility.NO;
  }

  /// Where it is not known what filters there are.
  public static Map<Vulnerability, Reach> undecided(
      List<Vulnerability> vulnerabilities, String reason) {
    Map<Vulnerability, Reach> reached = new LinkedHashMap<>();
    vulnerabilities.forEach(each -> reached.put(each, Reach.undecided(reason)));
    return reached;
  }

  /// An answer, with the steps that make it so.
  private record Evaluated(Possibility answer, List<StepResult> steps) {}

  private Reach reach(Need need) {
    Evaluated here = evaluate(need, List.of(numbers.machine()));
    if (here.answer() == Possibility.YES) {
      return new Reach(Reach.Outcome.REACHABLE, List.of(), here.steps(), "");
    }
    Evaluated anywhere = evaluate(need, numbers.architectures());
    return switch (anywhere.answer()) {
      case NO -> new Reach(Reach.Outcome.CLOSED, numbers.architectures(), anywhere.steps(), "");
      case UNKNOWN ->
          new Reach(
              Reach.Outcome.UNDECIDED,
              List.of(),
              anywhere.steps(),
              anywhere.steps().stream()
                  .filter(step -> !step.possible())
                  .map(StepResult::barrier)
                  .findFirst()
                  .orElse(""));
      case YES ->
          here.answer() == Possibility.NO
              ? new Reach(Reach.Outcome.CLOSED_IN_PART, closedOn(need), anywhere.steps(), "")
              // Undecided for the machine's own calls, and others are enough.
              : new Reach(Reach.Outcome.REACHABLE, List.of(), anywhere.steps(), "");
    };
  }

  private List<Architecture> closedOn(Need need) {
    return numbers.architectures().stream()
        .filter(each -> evaluate(need, List.of(each)).answer() == Possibility.NO)
        .toList();
  }

  private Evaluated evaluate(Need need, List<Architecture> architectures) {
    return switch (need) {
      case Need.AnyOf(List<Need> needs) -> any(needs, architectures);
      case Need.AllOf(List<Need> needs) -> all(needs, architectures);
      case Need.Calls calls -> of(calls(calls, architectures));
      case Need.NewNamespaces namespaces -> of(namespaces(namespaces, architectures));
      case Need.Capability capability -> of(capability(capability));
    };
  }

  /// The first that can be done; where none can, what bars each.
  private Evaluated any(List<Need> needs, List<Architecture> architectures) {
    List<StepResult> barred = new ArrayList<>();
    Evaluated unknown = null;
    for (Need each : needs) {
      Evaluated evaluated = evaluate(each, architectures);
      switch (evaluated.answer()) {
        case YES -> {
          return evaluated;
        }
        case UNKNOWN -> unknown = unknown == null ? evaluated : unknown;
        case NO -> barred.addAll(evaluated.steps());
      }
    }
    return unknown == null ? new Evaluated(Possibility.NO, barred) : unknown;
  }

  /// All of them; where one cannot be done, what bars that one.
  private Evaluated all(List<Need> needs, List<Architecture> architectures) {
    List<StepResult> steps = new ArrayList<>();
    Possibility answer = Possibility.YES;
    for (Need each : needs) {
      Evaluated evaluated = evaluate(each, architectures);
      if (evaluated.answer() == Possibility.NO) {
        return evaluated;
      }
      if (evaluated.answer() == Possibility.UNKNOWN) {
        answer = Possibility.UNKNOWN;
      }
      steps.addAll(evaluated.steps());
    }
    return new Evaluated(answer, steps);
  }

  private record Judged(Possibility answer, StepResult result) {}

  private static Evaluated of(Judged judged) {
    return new Evaluated(judged.answer(), List.of(judged.result()));
  }

  private Judged capability(Need.Capability capability) {
    boolean held = privileges.capabilities().contains(capability.name());
    boolean enough = held && (privileges.overNode() || !capability.overNode());
    return judged(
        capability,
        enough ? Possibility.YES : Possibility.NO,
        List.of(),
        held
            ? capability.name() + " is only over the pod's user namespace"
            : "no " + capability.name());
  }

  private static Judged judged(Need.Step step, Possibility answer, List<Way> ways, String barrier) {
    boolean possible = answer == Possibility.YES;
    return new Judged(answer, new StepResult(step, possible, ways, possible ? "" : barrier));
  }

  private Judged calls(Need.Calls step, List<Architecture> architectures) {
    List<CallPattern> patterns = new ArrayList<>();
    for (Architecture architecture : architectures) {
      Optional<List<CallPattern>> there =
          CallPattern.of(step, architecture, numbers.of(architecture));
      if (there.isEmpty()) {
        return judged(
            step, Possibility.UNKNOWN, List.of(), step.text() + " has too many conditions");
      }
      patterns.addAll(there.get());
    }
    List<String> unknown =
        step.denied().names().stream().filter(name -> !numbers.names().contains(name)).toList();
    if (!unknown.isEmpty()) {
      return judged(
          step,
          Possibility.UNKNOWN,
          List.of(),
          "this machine's libseccomp does not know the number of " + String.join(", ", unknown));
    }
    Tried tried = tried(patterns);
    return judged(step, tried.answer(), tried.ways(), step.text() + " is " + tried.barrier());
  }

  /// One call may make all of them, and several calls may make one after the other: each flag for
  /// itself has to be possible. One way is enough for each.
  private Judged namespaces(Need.NewNamespaces step, List<Architecture> architectures) {
    List<Way> ways = new ArrayList<>();
    Possibility answer = Possibility.YES;
    String barrier = "";
    for (Namespace kind : step.kinds()) {
      List<CallPattern> patterns = new ArrayList<>();
      for (Architecture architecture : architectures) {
        patterns.addAll(CallPattern.of(kind, architecture, numbers.of(architecture)));
      }
      Tried tried = tried(patterns);
      if (tried.answer().compareTo(answer) < 0) {
        answer = tried.answer();
        barrier = "new " + kind.text() + " namespaces: " + tried.barrier();
      }
      tried.ways().stream().limit(1).forEach(ways::add);
    }
    return judged(step, answer, answer == Possibility.YES ? ways : List.of(), barrier);
  }

  /// What came of calls of which one is enough.
  ///
  /// @param ways at most one an architecture and name
  private record Tried(Possibility answer, List<Way> ways, String barrier) {}

  private Tried tried(List<CallPattern> patterns) {
    List<Way> ways = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    List<String> denied = new ArrayList<>();
    for (CallPattern pattern : patterns) {
      Optional<Call> passes = find(pattern, Possibility.YES);
      Optional<Call> asks = passes.isPresent() ? passes : find(pattern, Possibility.UNKNOWN);
      if (passes.isPresent()) {
        Way way = new Way(pattern.architecture(), pattern.name(), passes.get(), pattern.behind());
        if (ways.stream().noneMatch(each -> isLike(each, way))) {
          ways.add(way);
        }
      } else if (asks.isPresent()) {
        asked.add("left to another process: " + filters.run(asks.get()));
      } else {
        denied.add(denied(pattern));
      }
    }
    if (!ways.isEmpty()) {
      return new Tried(Possibility.YES, ways, "");
    }
    return asked.isEmpty()
        ? new Tried(Possibility.NO, ways, denied.isEmpty() ? "no call there" : denied.getFirst())
        : new Tried(Possibility.UNKNOWN, ways, asked.getFirst());
  }

  private static boolean isLike(Way a, Way b) {
    return a.architecture() == b.architecture()
        && a.name().equals(b.name())
        && a.behind().equals(b.behind());
  }

  private String denied(CallPattern pattern) {
    int token = pattern.architecture().token();
    return meaning.verdicts(token, pattern.number(), pattern.arguments()).stream()
        .map(verdict -> verdict.on(token))
        .distinct()
        .collect(Collectors.joining(" or "));
  }

  /// A call for which the filters give an answer, after their programs were run with it.
  private Optional<Call> find(CallPattern pattern, Possibility wanted) {
    Optional<Call> found =
        meaning.find(
            pattern.architecture().token(),
            pattern.number(),
            pattern.arguments(),
            verdict -> Possibility.of(verdict) == wanted);
    found.ifPresent(call -> {
      if (Possibility.of(filters.run(call)) != wanted) {
        throw new IllegalStateException(
            "the meaning of a filter and its program disagree about " + call);
      }
    });
    return found;
  }
}
