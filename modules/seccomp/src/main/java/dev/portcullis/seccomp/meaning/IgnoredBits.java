package dev.portcullis.seccomp.meaning;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import java.util.List;
import java.util.Optional;

/// Whether a call can pass because of bits that the kernel ignores.
///
/// A value is *plain* where its ignored bits are zero or, of 32 bits that are taken, copies of the
/// highest: so C programs pass an `int`, an `unsigned int` and a negative number. What a filter
/// does with plain values is what its author wrote; where another value with the same taken bits
/// gets a less severe answer, the author's can be had around. That odd values are denied does no
/// harm, as no program passes them, so the other direction is not looked for.
final class IgnoredBits {
  private static final int HALF = 32;

  /// Answers by which somebody gets a call: each begins with the least severe that count. What is
  /// denied in another way is denied.
  private static final List<Kind> LENIENT =
      List.of(Kind.LOG, Kind.ALLOW, Kind.TRACE, Kind.USER_NOTIF);

  private final DecisionDiagrams diagrams;
  private final int architecture;
  private final int number;
  private final List<Long> taken;

  /// @param taken for each argument the bits that the kernel takes: the lowest
  IgnoredBits(DecisionDiagrams diagrams, int architecture, int number, List<Long> taken) {
    this.diagrams = diagrams;
    this.architecture = architecture;
    this.number = number;
    this.taken = List.copyOf(taken);
  }

  /// A pair of calls that shows it, if there is one.
  ///
  /// @param root what is done with all calls
  Optional<Bypass> bypass(int root) {
    int arguments =
        diagrams.below(
            diagrams.below(root, 0, HALF, architecture), VariableOrder.NUMBER, HALF, number);
    List<Integer> ends = Cofactors.of(diagrams, arguments, DecisionDiagrams.END);
    if (!ends.stream().map(this::kind).anyMatch(kind -> kind != kind(ends.getFirst()))) {
      return Optional.empty();
    }
    for (Kind least : LENIENT) {
      int lenient = DecisionDiagrams.FALSE;
      for (int end : ends) {
        if (kind(end).compareTo(least) >= 0) {
          lenient =
              diagrams.or(lenient, Cofactors.where(diagrams, arguments, DecisionDiagrams.END, end));
        }
      }
      Optional<Bypass> found = bypass(diagrams.not(lenient), lenient);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Kind kind(int end) {
    return Verdict.of(diagrams.numberAt(end)).kind();
  }

  private Optional<Bypass> bypass(int severe, int lenient) {
    int reaching = lenient;
    int plain = severe;
    for (int argument = 0; argument < Call.ARGUMENTS; argument++) {
      if (isNarrow(argument)) {
        int odd = diagrams.and(reaching, diagrams.not(plain(argument)));
        reaching = diagrams.or(reaching, some(odd, argument));
        plain = diagrams.and(plain, plain(argument));
      }
    }
    int denied = diagrams.and(plain, reaching);
    if (denied == DecisionDiagrams.FALSE) {
      return Optional.empty();
    }
    Call call = witness(denied);
    return Optional.of(new Bypass(call, witness(diagrams.and(lenient, like(call)))));
  }

  /// A call of the number; bits that do not matter are 0.
  private Call witness(int arguments) {
    return CallSet.of(diagrams, arguments)
        .ofArchitecture(architecture)
        .ofNumbers(-1, number)
        .witness();
  }

  /// What the kernel takes for the same: each argument as it is, or odd.
  private int like(Call call) {
    int like = equal(Call.ARGUMENTS, -1, call.instructionPointer());
    for (int argument = 0; argument < Call.ARGUMENTS; argument++) {
      long value = call.arguments().get(argument);
      int same = equal(argument, -1, value);
      if (isNarrow(argument)) {
        int odd =
            diagrams.and(
                equal(argument, taken.get(argument), value), diagrams.not(plain(argument)));
        same = diagrams.or(same, odd);
      }
      like = diagrams.and(like, same);
    }
    return like;
  }

  private boolean isNarrow(int argument) {
    return taken.get(argument) != -1;
  }

  private int plain(int argument) {
    long mask = taken.get(argument);
    int zero = equal(argument, ~mask, 0);
    long sign = 1L << (HALF - 1);
    return mask == 0xffffffffL ? diagrams.or(zero, equal(argument, ~mask | sign, -1)) : zero;
  }

  /// @param value an argument, or 6 for the address that the call comes from
  private int equal(int value, long mask, long bits) {
    int word = value == Call.ARGUMENTS ? 2 : 4 + 2 * value;
    int equal = DecisionDiagrams.TRUE;
    for (int bit = 0; bit < Long.SIZE; bit++) {
      if ((mask >>> bit & 1) == 1) {
        int one = diagrams.bit(word + bit / HALF, bit % HALF);
        equal = diagrams.and((bits >>> bit & 1) == 1 ? one : diagrams.not(one), equal);
      }
    }
    return equal;
  }

  /// What is asked of the arguments of these calls, of which some have the number, where the
  /// ignored bits may be anything.
  int taken(int calls) {
    int arguments =
        diagrams.below(
            diagrams.below(calls, 0, HALF, architecture), VariableOrder.NUMBER, HALF, number);
    for (int argument = 0; argument < Call.ARGUMENTS; argument++) {
      if (isNarrow(argument)) {
        arguments = some(arguments, argument);
      }
    }
    return arguments;
  }

  /// Where it holds for some values of the ignored bits.
  private int some(int set, int argument) {
    return some(set, argument, new IntTable(diagrams.bounds().nodes()));
  }

  private int some(int node, int argument, IntTable done) {
    if (diagrams.isEnd(node)) {
      return node;
    }
    int known = done.get(node, argument);
    if (known >= 0) {
      return known;
    }
    diagrams.look();
    int level = diagrams.level(node);
    int low = some(diagrams.low(node), argument, done);
    int high = some(diagrams.high(node), argument, done);
    boolean ignored =
        diagrams.order.value(level) == argument
            && (taken.get(argument) >>> diagrams.order.bit(level) & 1) == 0;
    int result = ignored ? diagrams.or(low, high) : diagrams.node(level, low, high);
    done.put(node, argument, result);
    return result;
  }
}
