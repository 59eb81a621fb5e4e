package dev.portcullis.seccomp.effect;

import dev.portcullis.seccomp.meaning.ArgumentValues;
import dev.portcullis.seccomp.meaning.CallCondition;
import dev.portcullis.seccomp.meaning.Range;
import dev.portcullis.seccomp.syscall.ArgumentWidths;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What is asked of an argument of which the kernel takes 32 bits: first of these, then of the
/// others, which a filter sees all the same.
final class KernelView {
  static final String WHATEVER = ", with any upper 32 bits";
  static final String OR_UPPER = " or its upper 32 bits";
  private static final int HALF = 32;
  private static final long ALL = ConditionText.LOWER_HALF;
  private static final int ADDRESS = 6;

  private KernelView() {}

  /// Nothing where the argument is wider, or not known to be narrow, and where it is said as well
  /// without it.
  static Optional<String> text(CallCondition.Test test, List<String> calls) {
    boolean narrow =
        test.value() != ADDRESS
            && !calls.isEmpty()
            && calls.stream().allMatch(call -> ArgumentWidths.bits(call, test.value()) == HALF);
    if (!narrow) {
      return Optional.empty();
    }
    String name = ConditionText.name(test, calls);
    return switch (test.values()) {
      case ArgumentValues.Within(List<Range> ranges) -> within(name, ranges);
      case ArgumentValues.Halves(List<Range> upper, List<Range> lower) ->
          Optional.of(
              name
                  + " "
                  + ConditionText.text(lower, ALL)
                  + (ConditionText.isAll(upper) ? WHATEVER : " and " + upper(upper)));
      case ArgumentValues.Masked(long mask, long bits) ->
          mask == ALL
              ? Optional.of(name + " is " + ConditionText.number(bits) + WHATEVER)
              : Optional.empty();
      case ArgumentValues.NotMasked(long mask, long bits) ->
          mask == ALL
              ? Optional.of(name + " is not " + ConditionText.number(bits) + WHATEVER)
              : Optional.empty();
    };
  }

  /// As `its upper 32 bits are not 0`.
  static String upper(List<Range> upper) {
    return "its upper 32 bits "
        + ConditionText.text(upper, ALL).replaceAll("(^| or )is ", "$1are ");
  }

  /// Where the lower bits are asked for under some upper ones only: under the others nothing, or
  /// everything.
  private static Optional<String> within(String name, List<Range> ranges) {
    Map<Range, List<Range>> lower = byUpper(ranges);
    List<Range> whole =
        lower.entrySet().stream()
            .filter(each -> ConditionText.isAll(each.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    List<Map.Entry<Range, List<Range>>> parts =
        lower.entrySet().stream().filter(each -> !ConditionText.isAll(each.getValue())).toList();
    if (parts.size() != 1) {
      return Optional.empty();
    }
    Range at = parts.getFirst().getKey();
    String text = name + " " + ConditionText.text(parts.getFirst().getValue(), ALL);
    if (whole.isEmpty()) {
      return Optional.of(text + " and " + upper(List.of(at)));
    }
    // What has all lower bits makes it no matter which upper ones go with the others.
    return others(at).equals(whole)
        ? Optional.of(text + OR_UPPER + upper(whole).substring("its upper 32 bits".length()))
        : Optional.empty();
  }

  private static List<Range> others(Range upper) {
    return Stream.of(new Range(0, upper.from() - 1), new Range(upper.to() + 1, ALL))
        .filter(range -> range.from() <= range.to())
        .toList();
  }

  /// The lower halves in the ranges, by upper halves.
  private static Map<Range, List<Range>> byUpper(List<Range> ranges) {
    Map<Range, List<Range>> lower = new TreeMap<>(Comparator.comparingLong(Range::from));
    for (Range range : ranges) {
      long first = range.from() >>> HALF;
      long last = range.to() >>> HALF;
      if (first == last) {
        add(lower, first, first, range.from() & ALL, range.to() & ALL);
        continue;
      }
      long whole = (range.from() & ALL) == 0 ? first : first + 1;
      long wholeEnd = (range.to() & ALL) == ALL ? last : last - 1;
      if (whole > first) {
        add(lower, first, first, range.from() & ALL, ALL);
      }
      if (whole <= wholeEnd) {
        add(lower, whole, wholeEnd, 0, ALL);
      }
      if (wholeEnd < last) {
        add(lower, last, last, 0, range.to() & ALL);
      }
    }
    return lower;
  }

  private static void add(
      Map<Range, List<Range>> lower, long upper, long upperEnd, long from, long to) {
    lower
        .computeIfAbsent(new Range(upper, upperEnd), _ -> new ArrayList<>())
        .add(new Range(from, to));
  }
}
