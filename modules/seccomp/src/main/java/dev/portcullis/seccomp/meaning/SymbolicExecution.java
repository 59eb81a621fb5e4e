package dev.portcullis.seccomp.meaning;

import dev.portcullis.seccomp.bpf.Operation;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs a program for all calls at once.
///
/// Jumps go forward only. One pass forward finds every state in which an instruction can be
/// reached, and one pass back makes of each the diagram of what is returned from there; a branch
/// chooses between two that are made already.
final class SymbolicExecution {
  private final DecisionDiagrams diagrams;
  private final BitVectors words;
  private final Operation[] program;
  private final int[] live;
  private final List<Map<State, Integer>> reached = new ArrayList<>();
  private final Map<State.Value, Integer> returned = new HashMap<>();
  private int states;

  private SymbolicExecution(DecisionDiagrams diagrams, Program program) {
    this.diagrams = diagrams;
    this.words = new BitVectors(diagrams);
    this.program =
        program.instructions().stream()
            .map(each -> Operation.of(each).orElseThrow())
            .toArray(Operation[]::new);
    live = Liveness.of(this.program);
    for (int at = 0; at < this.program.length; at++) {
      reached.add(new LinkedHashMap<>());
    }
  }

  /// The values that a program returns.
  static int of(DecisionDiagrams diagrams, Program program) {
    SymbolicExecution execution = new SymbolicExecution(diagrams, program);
    execution.reach(0, State.START);
    for (int at = 0; at < execution.program.length; at++) {
      for (State state : execution.reached.get(at).keySet()) {
        execution.forward(at, state);
      }
    }
    for (int at = execution.program.length - 1; at >= 0; at--) {
      int here = at;
      execution.reached.get(at).replaceAll((state, _) -> execution.back(here, state));
    }
    return execution.value(0, State.START);
  }

  private void reach(int at, State state) {
    if (reached.get(at).putIfAbsent(state.only(live[at]), DecisionDiagrams.FALSE) == null
        && ++states > diagrams.bounds().states()) {
      throw new TooComplexException("it has more than " + diagrams.bounds().states() + " states");
    }
  }

  private int value(int at, State state) {
    Integer value = reached.get(at).get(state.only(live[at]));
    if (value == null) {
      throw new IllegalStateException("instruction " + at + " was not reached so");
    }
    return value;
  }

  private void forward(int at, State state) {
    switch (program[at]) {
      case Operation.Jump(int distance) -> reach(at + 1 + distance, state);
      case Operation.Branch(_, _, int ifTrue, int ifFalse) -> {
        reach(at + 1 + ifTrue, state);
        reach(at + 1 + ifFalse, state);
      }
      case Operation.ReturnConstant _, Operation.ReturnAccumulator _ -> {}
      case Operation.LoadConstant _,
          Operation.LoadWord _,
          Operation.LoadScratch _,
          Operation.StoreScratch _,
          Operation.Compute _,
          Operation.Negate _,
          Operation.Copy _ ->
          reach(at + 1, after(program[at], state));
    }
  }

  private int back(int at, State state) {
    diagrams.step();
    return switch (program[at]) {
      case Operation.Jump(int distance) -> value(at + 1 + distance, state);
      case Operation.Branch(Operation.Test test, Operation.Operand operand, int yes, int no) ->
          diagrams.choose(
              words.test(test, state.get(Liveness.A), state.get(operand)),
              value(at + 1 + yes, state),
              value(at + 1 + no, state));
      case Operation.ReturnConstant(int value) -> end(value);
      case Operation.ReturnAccumulator _ -> end(new State.Value(state.get(Liveness.A)));
      case Operation.Compute(Operation.Arithmetic arithmetic, Operation.Operand operand) -> {
        int rest = value(at + 1, after(program[at], state));
        yield arithmetic == Operation.Arithmetic.DIVIDE
            ? diagrams.choose(words.equal(state.get(operand), BitVectors.constant(0)), end(0), rest)
            : rest;
      }
      case Operation.LoadConstant _,
          Operation.LoadWord _,
          Operation.LoadScratch _,
          Operation.StoreScratch _,
          Operation.Negate _,
          Operation.Copy _ ->
          value(at + 1, after(program[at], state));
    };
  }

  private State after(Operation operation, State state) {
    return switch (operation) {
      case Operation.LoadConstant(Operation.Register to, int value) ->
          state.with(to, BitVectors.constant(value));
      case Operation.LoadWord(int offset) ->
          state.with(Operation.Register.A, words.input(offset / 4));
      case Operation.LoadScratch(Operation.Register to, int slot) ->
          state.with(to, state.get(slot));
      case Operation.StoreScratch(Operation.Register from, int slot) ->
          state.with(slot, state.get(from));
      case Operation.Compute(Operation.Arithmetic arithmetic, Operation.Operand operand) ->
          state.with(
              Operation.Register.A,
              words.compute(arithmetic, state.get(Liveness.A), state.get(operand)));
      case Operation.Negate _ ->
          state.with(Operation.Register.A, words.negate(state.get(Liveness.A)));
      case Operation.Copy(Operation.Register to) ->
          switch (to) {
            case A -> state.with(Operation.Register.A, state.get(Liveness.X));
            case X -> state.with(Operation.Register.X, state.get(Liveness.A));
          };
      case Operation.Jump _,
          Operation.Branch _,
          Operation.ReturnConstant _,
          Operation.ReturnAccumulator _ ->
          state;
    };
  }

  /// A value, without its data where the action does not use them. An action that no kernel knows
  /// is kept, since it counts among several filters.
  private int end(int value) {
    boolean data = Verdict.of(value).kind().hasData();
    return diagrams.number(data ? value : value & 0xffff0000);
  }

  /// The values of a word, bit by bit as the order asks for them.
  private int end(State.Value word) {
    Integer known = returned.get(word);
    if (known != null) {
      return known;
    }
    if (returned.size() >= diagrams.bounds().states()) {
      throw new TooComplexException(
          "the value that it returns depends on its state in more ways than "
              + diagrams.bounds().states());
    }
    int top = DecisionDiagrams.END;
    int value = 0;
    for (int i = 0; i < 32; i++) {
      top = Math.min(top, diagrams.level(word.bits()[i]));
      value |= (word.bits()[i] & 1) << i;
    }
    int result =
        top == DecisionDiagrams.END
            ? end(value)
            : diagrams.node(top, end(below(word, top, 0)), end(below(word, top, 1)));
    returned.put(word, result);
    return result;
  }

  private State.Value below(State.Value word, int level, int answer) {
    int[] bits = new int[32];
    for (int i = 0; i < 32; i++) {
      bits[i] = diagrams.below(word.bits()[i], level, answer);
    }
    return new State.Value(bits);
  }
}
