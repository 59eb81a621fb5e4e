package dev.portcullis.seccomp.derive;

import dev.portcullis.seccomp.meaning.ArgumentValues;
import dev.portcullis.seccomp.meaning.CallCondition;
import dev.portcullis.seccomp.meaning.Range;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.syscall.ArgumentNames;
import dev.portcullis.seccomp.syscall.ArgumentWidths;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Writes changes as {@link ChangeReader} reads them.
public final class ChangeText {
  /// More than this are no line to copy: the call is then meant with all arguments.
  private static final int MOST = 4;

  private static final long LOWER_HALF = 0xffff_ffffL;

  private ChangeText() {}

  /// The changes that together mean a call with certain arguments, such as `socket:domain==40`; the
  /// call alone where changes cannot say that.
  public static List<String> of(String call, CallCondition condition) {
    if (!condition.complete() || condition.alternatives().size() > MOST) {
      return List.of(call);
    }
    List<String> changes = new ArrayList<>();
    for (CallCondition.Alternative alternative : condition.alternatives()) {
      List<String> tests = new ArrayList<>();
      for (CallCondition.Test test : alternative.tests()) {
        Optional<String> text = text(call, test);
        if (text.isEmpty()) {
          return List.of(call);
        }
        tests.add(text.get());
      }
      changes.add(tests.isEmpty() ? call : call + ":" + String.join(",", tests));
    }
    return changes.isEmpty() ? List.of(call) : List.copyOf(changes);
  }

  /// A change for the calls of which all conditions hold: `socket:domain==2,type&0xf==1`.
  public static String of(String call, Collection<ArgumentCondition> conditions) {
    return conditions.isEmpty()
        ? call
        : conditions.stream()
            .map(condition -> text(call, condition))
            .collect(Collectors.joining(",", call + ":", ""));
  }

  private static String text(String call, ArgumentCondition condition) {
    String name = ArgumentNames.name(List.of(call), condition.index());
    String value = number(condition.value());
    return switch (condition.operator()) {
      case EQ -> name + "==" + value;
      case NE -> name + "!=" + value;
      case LT -> name + "<" + value;
      case LE -> name + "<=" + value;
      case GE -> name + ">=" + value;
      case GT -> name + ">" + value;
      case MASKED_EQ ->
          condition.value() == ArgumentWidths.taken(call, condition.index())
              ? name + "==" + number(condition.bits())
              : masked(name, condition.value(), condition.bits());
    };
  }

  private static String masked(String name, long mask, long bits) {
    return name
        + "&"
        + (mask >= 0 && mask < 10 ? "" : "0x")
        + Long.toHexString(mask)
        + "=="
        + number(bits);
  }

  private static Optional<String> text(String call, CallCondition.Test test) {
    if (test.value() > 5) {
      return Optional.empty();
    }
    String name = ArgumentNames.name(List.of(call), test.value());
    long taken = ArgumentWidths.taken(call, test.value());
    return switch (test.values()) {
      case ArgumentValues.Within(List<Range> ranges) -> single(ranges, taken).map(it -> name + it);
      case ArgumentValues.Halves(_, List<Range> lower) when taken == LOWER_HALF ->
          single(lower, taken).map(it -> name + it);
      case ArgumentValues.Halves _, ArgumentValues.NotMasked _ -> Optional.empty();
      case ArgumentValues.Masked(long mask, long bits) when (mask & taken) == taken ->
          Optional.of(name + "==" + number(bits & taken));
      case ArgumentValues.Masked(long mask, long bits) when (mask & ~taken) == 0 ->
          Optional.of(masked(name, mask, bits));
      case ArgumentValues.Masked _ -> Optional.empty();
    };
  }

  private static Optional<String> single(List<Range> ranges, long taken) {
    return ranges.size() == 1
            && ranges.getFirst().isSingle()
            && (ranges.getFirst().from() & ~taken) == 0
        ? Optional.of("==" + number(ranges.getFirst().from()))
        : Optional.empty();
  }

  private static String number(long value) {
    return value >= 0 && value < 1000 ? Long.toString(value) : "0x" + Long.toHexString(value);
  }
}
