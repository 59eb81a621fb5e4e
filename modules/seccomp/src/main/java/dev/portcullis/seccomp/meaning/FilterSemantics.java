package dev.portcullis.seccomp.meaning;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// What the filters of a task do, as a function of the call: of its architecture, its number, its
/// six arguments and the address it comes from, bit by bit, and exact.
///
/// It is there for the time of a question, {@link #ask}: one that cannot be answered within the
/// {@link Bounds} ends there, as {@link Analysis.Undecided}.
public final class FilterSemantics {
  private final DecisionDiagrams diagrams;
  private final int root;

  private FilterSemantics(DecisionDiagrams diagrams, int root) {
    this.diagrams = diagrams;
    this.root = root;
  }

  /// Understands filters with the usual effort, and asks about them.
  ///
  /// @param question is given one meaning for each, in their order, which can be compared with each
  ///   other
  public static <T> Analysis<T> ask(
      List<Filters> all, Function<List<FilterSemantics>, T> question) {
    return ask(all, Bounds.USUAL, question);
  }

  /// The same, with less or more effort.
  public static <T> Analysis<T> ask(
      List<Filters> all, Bounds bounds, Function<List<FilterSemantics>, T> question) {
    String reason = "";
    for (VariableOrder order : VariableOrder.values()) {
      List<FilterSemantics> meanings;
      try {
        meanings = meanings(all, new DecisionDiagrams(order, bounds));
      } catch (TooComplexException tooComplex) {
        reason = tooComplex.reason();
        continue;
      }
      try {
        return new Analysis.Understood<>(question.apply(meanings));
      } catch (TooComplexException tooComplex) {
        return new Analysis.Undecided<>(tooComplex.reason());
      }
    }
    return new Analysis.Undecided<>(reason);
  }

  private static List<FilterSemantics> meanings(List<Filters> all, DecisionDiagrams diagrams) {
    List<FilterSemantics> meanings = new ArrayList<>();
    for (Filters filters : all) {
      meanings.add(new FilterSemantics(diagrams, root(diagrams, filters)));
    }
    return List.copyOf(meanings);
  }

  /// Understands other filters beside these, so that both can be compared: what they have in common
  /// is understood already. Within the same question, and its bounds.
  public FilterSemantics beside(Filters others) {
    return new FilterSemantics(diagrams, root(diagrams, others));
  }

  private static int root(DecisionDiagrams diagrams, Filters filters) {
    int root = diagrams.number(Filters.ALLOW);
    for (Program program : filters.newestFirst()) {
      root =
          diagrams.combine(
              root,
              SymbolicExecution.of(diagrams, program),
              (newer, older) ->
                  diagrams.number(
                      Verdict.stronger(diagrams.numberAt(newer), diagrams.numberAt(older))));
    }
    return root;
  }

  /// What is done with one call.
  public Verdict verdict(Call call) {
    int node = diagrams.below(root, 0, 32, call.architecture());
    node = diagrams.below(node, VariableOrder.NUMBER, 32, call.number());
    while (!diagrams.isEnd(node)) {
      int level = diagrams.level(node);
      int which = diagrams.order.value(level);
      long value =
          which == Call.ARGUMENTS ? call.instructionPointer() : call.arguments().get(which);
      node = diagrams.below(node, level, (int) (value >>> diagrams.order.bit(level)) & 1);
    }
    return Verdict.of(diagrams.numberAt(node));
  }

  /// What may be done with the calls of a number.
  ///
  /// @param arguments which bits each of the six has
  public Set<Verdict> verdicts(
      int architecture, int number, List<ArgumentValues.Masked> arguments) {
    int calls =
        diagrams.below(diagrams.below(root, 0, 32, architecture), VariableOrder.NUMBER, 32, number);
    Set<Verdict> verdicts = new LinkedHashSet<>();
    collect(calls, arguments, new HashSet<>(), verdicts);
    return verdicts;
  }

  private void collect(
      int node, List<ArgumentValues.Masked> arguments, Set<Integer> seen, Set<Verdict> verdicts) {
    if (!seen.add(node)) {
      return;
    }
    if (diagrams.isEnd(node)) {
      verdicts.add(Verdict.of(diagrams.numberAt(node)));
      return;
    }
    int which = diagrams.order.value(diagrams.level(node));
    long bit = 1L << diagrams.order.bit(diagrams.level(node));
    boolean known = which < Call.ARGUMENTS && (arguments.get(which).mask() & bit) != 0;
    boolean one = known && (arguments.get(which).bits() & bit) != 0;
    if (!known || !one) {
      collect(diagrams.low(node), arguments, seen, verdicts);
    }
    if (!known || one) {
      collect(diagrams.high(node), arguments, seen, verdicts);
    }
  }

  /// A call of a number with which something is done; nothing where it is done with none. Bits that
  /// do not matter are 0.
  ///
  /// @param arguments which bits each of the six has
  public Optional<Call> find(
      int architecture,
      int number,
      List<ArgumentValues.Masked> arguments,
      Predicate<Verdict> wanted) {
    int calls =
        diagrams.below(diagrams.below(root, 0, 32, architecture), VariableOrder.NUMBER, 32, number);
    long[] values = new long[Call.ARGUMENTS + 1];
    for (int i = 0; i < Call.ARGUMENTS; i++) {
      values[i] = arguments.get(i).bits() & arguments.get(i).mask();
    }
    return reach(calls, arguments, wanted, new HashSet<>(), values)
        ? Optional.of(
            new Call(
                architecture,
                number,
                values[Call.ARGUMENTS],
                Arrays.stream(values).limit(Call.ARGUMENTS).boxed().toList()))
        : Optional.empty();
  }

  /// Whether a way leads from a node to a wanted end; its bits are set where it does.
  private boolean reach(
      int node,
      List<ArgumentValues.Masked> arguments,
      Predicate<Verdict> wanted,
      Set<Integer> seen,
      long[] values) {
    if (!seen.add(node)) {
      return false;
    }
    if (diagrams.isEnd(node)) {
      return wanted.test(Verdict.of(diagrams.numberAt(node)));
    }
    int which = diagrams.order.value(diagrams.level(node));
    long bit = 1L << diagrams.order.bit(diagrams.level(node));
    boolean known = which < Call.ARGUMENTS && (arguments.get(which).mask() & bit) != 0;
    boolean one = known && (arguments.get(which).bits() & bit) != 0;
    if ((!known || !one) && reach(diagrams.low(node), arguments, wanted, seen, values)) {
      return true;
    }
    if ((!known || one) && reach(diagrams.high(node), arguments, wanted, seen, values)) {
      values[which] |= bit;
      return true;
    }
    return false;
  }

  /// Two calls of a number that the kernel takes for the same, and of which one gets what is denied
  /// to the other; nothing where there are none.
  ///
  /// @param taken for each argument the bits that the kernel takes: the lowest
  public Optional<Bypass> bypass(int architecture, int number, List<Long> taken) {
    return new IgnoredBits(diagrams, architecture, number, taken).bypass(root);
  }

  /// Whether both do the same with every call.
  public boolean sameAs(FilterSemantics other) {
    return differences(other).isEmpty();
  }

  /// Every call there is.
  public CallSet everything() {
    return CallSet.everything(diagrams);
  }

  /// What this and another do with a call.
  public record Pair(Verdict mine, Verdict theirs) {}

  /// All calls with which they do different things, by what they do.
  ///
  /// @throws IllegalArgumentException where they were not understood together
  public Map<Pair, CallSet> differences(FilterSemantics other) {
    int theirs = other.rootIn(diagrams);
    List<Pair> pairs = new ArrayList<>();
    Map<Pair, Integer> index = new LinkedHashMap<>();
    int product =
        diagrams.differ(
            root,
            theirs,
            (a, b) -> {
              Pair pair =
                  new Pair(Verdict.of(diagrams.numberAt(a)), Verdict.of(diagrams.numberAt(b)));
              if (pair.mine().equals(pair.theirs())) {
                return DecisionDiagrams.FALSE;
              }
              return diagrams.number(
                  index.computeIfAbsent(
                      pair,
                      each -> {
                        diagrams.requireFew(pairs.size());
                        pairs.add(each);
                        return pairs.size() - 1;
                      }));
            });
    Map<Pair, CallSet> differences = new LinkedHashMap<>();
    for (int i = 0; i < pairs.size(); i++) {
      int end = diagrams.number(i);
      differences.put(pairs.get(i), CallSet.whereItEnds(diagrams, product, end));
    }
    return differences;
  }

  /// Understands other filters together with these.
  public FilterSemantics with(Filters filters) {
    return new FilterSemantics(diagrams, root(diagrams, filters));
  }

  /// What filters do with one call, each by itself.
  ///
  /// @param all understood together
  public static JointSemantics together(List<FilterSemantics> all) {
    DecisionDiagrams diagrams = all.getFirst().diagrams;
    return JointSemantics.of(diagrams, all.stream().map(each -> each.rootIn(diagrams)).toList());
  }

  /// What is done with the calls of a number, by their arguments.
  public ArgumentDecision decision(int architecture, int number) {
    return new ArgumentDecision(
        diagrams,
        diagrams.below(
            diagrams.below(root, 0, 32, architecture), VariableOrder.NUMBER, 32, number));
  }

  /// What rules say of a call that this filter knows nothing of, which can be put together with its
  /// decisions; nothing where they contradict each other.
  public Optional<ArgumentDecision> written(
      List<ArgumentDecision.WrittenRule> rules, Verdict otherwise) {
    return ArgumentDecision.written(diagrams, rules, otherwise);
  }

  /// @throws IllegalArgumentException where it was not understood together with the diagrams'
  int rootIn(DecisionDiagrams others) {
    if (diagrams != others) {
      throw new IllegalArgumentException("understand both together");
    }
    return root;
  }

  /// All calls, by what is done with them.
  public Map<Verdict, CallSet> verdicts() {
    List<Integer> ends = Cofactors.of(diagrams, root, DecisionDiagrams.END);
    diagrams.requireFew(ends.size());
    Map<Verdict, CallSet> verdicts = new LinkedHashMap<>();
    for (int end : ends) {
      CallSet calls = CallSet.whereItEnds(diagrams, root, end);
      verdicts.merge(Verdict.of(diagrams.numberAt(end)), calls, CallSet::or);
    }
    return verdicts;
  }
}
