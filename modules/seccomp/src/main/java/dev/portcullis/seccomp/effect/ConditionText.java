package dev.portcullis.seccomp.effect;

import dev.portcullis.seccomp.meaning.ArgumentValues;
import dev.portcullis.seccomp.meaning.CallCondition;
import dev.portcullis.seccomp.meaning.Range;
import dev.portcullis.seccomp.syscall.ArgumentNames;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Conditions in words.
public final class ConditionText {
  private static final int ADDRESS = 6;

  /// What libseccomp compares on architectures of 32 bits, and on x32.
  static final long LOWER_HALF = 0xffffffffL;

  private static final String LOWER_BITS = " in its lower 32 bits";

  private ConditionText() {}

  /// As `domain is 40`, or `flags has any of 0x10000000 (CLONE_NEWUSER)`; empty where it always
  /// holds.
  ///
  /// @param calls the names of the calls: where all have the same names for their arguments, those
  ///   are used
  ///
  ///   Of an argument of which the kernel takes 32 bits it is said what these are, and then what
  ///   the others must be: `domain is 40, with any upper 32 bits`.
  public static String of(CallCondition condition, List<String> calls) {
    return of(condition, calls, View.KERNEL);
  }

  /// The same of the registers, 64 bits each, as a filter compares them.
  public static String ofRegisters(CallCondition condition, List<String> calls) {
    return of(condition, calls, View.REGISTERS);
  }

  /// Who looks at arguments.
  private enum View {
    KERNEL,
    REGISTERS
  }

  private static String of(CallCondition condition, List<String> calls, View view) {
    if (condition.isAlways()) {
      return "";
    }
    List<String> alternatives =
        condition.alternatives().stream()
            .map(alternative -> text(alternative, calls, view))
            .filter(text -> !text.isEmpty())
            .toList();
    if (alternatives.isEmpty()) {
      return "some of them";
    }
    String text = String.join("; or ", alternatives);
    return condition.complete() ? text : text + "; or others";
  }

  private static String text(CallCondition.Alternative alternative, List<String> calls, View view) {
    boolean single = alternative.tests().size() == 1;
    StringBuilder text = new StringBuilder();
    for (CallCondition.Test test : alternative.tests()) {
      String part =
          switch (view) {
            case KERNEL -> KernelView.text(test, calls).orElseGet(() -> text(test, calls));
            case REGISTERS -> text(test, calls);
          };
      if (!text.isEmpty()) {
        text.append(text.toString().endsWith(KernelView.WHATEVER) ? ", and " : " and ");
      }
      text.append(single || !part.contains(KernelView.OR_UPPER) ? part : "(" + part + ")");
    }
    return text.toString();
  }

  static String name(CallCondition.Test test, List<String> calls) {
    return test.value() == ADDRESS ? "address" : ArgumentNames.name(calls, test.value());
  }

  private static String text(CallCondition.Test test, List<String> calls) {
    String name = name(test, calls);
    return switch (test.values()) {
      case ArgumentValues.Within(List<Range> ranges) -> name + " " + text(ranges, -1);
      case ArgumentValues.Halves(List<Range> upper, List<Range> lower) -> {
        String low = name + " " + text(lower, LOWER_HALF) + LOWER_BITS;
        yield isAll(upper) ? low : low + " and " + KernelView.upper(upper);
      }
      case ArgumentValues.Masked(long mask, long bits) when mask == LOWER_HALF ->
          name + " is " + number(bits) + LOWER_BITS;
      case ArgumentValues.Masked(long mask, long bits) ->
          bits == mask
              ? name
                  + " has "
                  + (Long.bitCount(mask) == 1 ? "" : "all of ")
                  + flags(calls, name, mask)
              : bits == 0
                  ? name + " has none of " + flags(calls, name, mask)
                  : name + " & " + hex(mask) + " is " + hex(bits);
      case ArgumentValues.NotMasked(long mask, long bits) when mask == LOWER_HALF ->
          name + " is not " + number(bits) + LOWER_BITS;
      case ArgumentValues.NotMasked(long mask, long bits) ->
          bits == 0
              ? name + " has any of " + flags(calls, name, mask)
              : name + " & " + hex(mask) + " is not " + hex(bits);
    };
  }

  /// Whether they are all values of 32 bits.
  static boolean isAll(List<Range> ranges) {
    return ranges.equals(List.of(new Range(0, LOWER_HALF)));
  }

  /// @param highest the highest value that there is
  static String text(List<Range> ranges, long highest) {
    List<Long> missing = missing(ranges, highest);
    if (!missing.isEmpty()) {
      return missing.size() == 1
          ? "is not " + number(missing.getFirst())
          : "is none of "
              + missing.stream().map(ConditionText::number).collect(Collectors.joining(", "));
    }
    return ranges.stream().map(range -> text(range, highest)).collect(Collectors.joining(" or "));
  }

  /// The values that are not in the ranges, where each stands alone; else nothing.
  private static List<Long> missing(List<Range> ranges, long highest) {
    List<Long> missing = new ArrayList<>();
    long next = 0;
    for (Range range : ranges) {
      if (range.from() == next + 1) {
        missing.add(next);
      } else if (range.from() != next) {
        return List.of();
      }
      next = range.to() + 1;
    }
    if (ranges.getLast().to() == highest - 1) {
      missing.add(highest);
    } else if (ranges.getLast().to() != highest) {
      return List.of();
    }
    return missing;
  }

  private static String text(Range range, long highest) {
    if (range.isSingle()) {
      return "is " + number(range.from());
    }
    if (range.from() == 0) {
      return "is at most " + number(range.to());
    }
    return range.to() == highest
        ? "is at least " + number(range.from())
        : "is " + number(range.from()) + " to " + number(range.to());
  }

  private static String flags(List<String> calls, String argument, long mask) {
    String names = ArgumentNames.flags(calls, argument, mask);
    return names.isEmpty() ? hex(mask) : hex(mask) + " (" + names + ")";
  }

  static String number(long value) {
    return value >= 0 && value < 1000 ? Long.toString(value) : hex(value);
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
