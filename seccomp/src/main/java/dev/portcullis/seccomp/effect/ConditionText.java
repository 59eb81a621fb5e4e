package dev.portcullis.seccomp.effect;

import dev.portcullis.seccomp.meaning.Condition;
import dev.portcullis.seccomp.meaning.Range;
import dev.portcullis.seccomp.meaning.Values;
import dev.portcullis.seccomp.syscall.ArgumentNames;
import java.util.List;
import java.util.stream.Collectors;

/// Conditions in words.
public final class ConditionText {
  private static final int ADDRESS = 6;

  /// What libseccomp compares on architectures of 32 bits, and on x32.
  private static final long LOWER_HALF = 0xffffffffL;

  private ConditionText() {}

  /// As `domain is 40`, or `flags has any of 0x10000000 (CLONE_NEWUSER)`; empty where it always
  /// holds.
  ///
  /// @param calls the names of the calls: where all have the same names for their arguments, those
  ///   are used
  public static String of(Condition condition, List<String> calls) {
    if (condition.isAlways()) {
      return "";
    }
    List<String> alternatives =
        condition.alternatives().stream()
            .map(alternative ->
                alternative.tests().stream()
                    .map(test -> text(test, calls))
                    .collect(Collectors.joining(" and ")))
            .filter(text -> !text.isEmpty())
            .toList();
    if (alternatives.isEmpty()) {
      return "some of them";
    }
    String text = String.join("; or ", alternatives);
    return condition.complete() ? text : text + "; or others";
  }

  private static String text(Condition.Test test, List<String> calls) {
    String name = test.value() == ADDRESS ? "address" : ArgumentNames.name(calls, test.value());
    return switch (test.values()) {
      case Values.Within(List<Range> ranges) when isAllButOne(ranges) ->
          name + " is not " + number(ranges.getFirst().to() + 1);
      case Values.Within(List<Range> ranges) ->
          name + " " + ranges.stream().map(ConditionText::text).collect(Collectors.joining(" or "));
      case Values.Masked(long mask, long bits) when mask == LOWER_HALF ->
          name + " is " + number(bits) + " in its lower 32 bits";
      case Values.Masked(long mask, long bits) ->
          bits == mask
              ? name
                  + " has "
                  + (Long.bitCount(mask) == 1 ? "" : "all of ")
                  + flags(calls, name, mask)
              : bits == 0
                  ? name + " has none of " + flags(calls, name, mask)
                  : name + " & " + hex(mask) + " is " + hex(bits);
      case Values.NotMasked(long mask, long bits) ->
          bits == 0
              ? name + " has any of " + flags(calls, name, mask)
              : name + " & " + hex(mask) + " is not " + hex(bits);
    };
  }

  private static boolean isAllButOne(List<Range> ranges) {
    return ranges.size() == 2
        && ranges.getFirst().from() == 0
        && ranges.getLast().to() == -1
        && ranges.getFirst().to() + 2 == ranges.getLast().from();
  }

  private static String text(Range range) {
    if (range.isSingle()) {
      return "is " + number(range.from());
    }
    if (range.from() == 0) {
      return "is at most " + number(range.to());
    }
    return range.to() == -1
        ? "is at least " + number(range.from())
        : "is " + number(range.from()) + " to " + number(range.to());
  }

  private static String flags(List<String> calls, String argument, long mask) {
    String names = ArgumentNames.flags(calls, argument, mask);
    return names.isEmpty() ? hex(mask) : hex(mask) + " (" + names + ")";
  }

  private static String number(long value) {
    return value >= 0 && value < 1000 ? Long.toString(value) : hex(value);
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
