package dev.portcullis.seccomp.effect;

import dev.portcullis.seccomp.meaning.CallCondition;
import dev.portcullis.seccomp.meaning.CallSet;
import dev.portcullis.seccomp.meaning.Numbers;
import dev.portcullis.seccomp.meaning.Range;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.stream.Collectors;

/// Calls of one architecture with the same condition on their arguments, by name as far as they
/// have names.
///
/// @param names in alphabetical order
/// @param others numbers without a name, as `471-1073741823`; empty where there are none
/// @param calls those of the first name where there are names
public record NamedCalls(
    List<String> names, String others, CallCondition condition, CallSet calls) {
  private static final int SIGN = 0x80000000;
  private static final int X32_AND_ABOVE = SIGN | Architecture.X32_BIT;
  private static final int MOST_RANGES = 6;

  public NamedCalls {
    names = List.copyOf(names);
  }

  /// What is of an architecture in a set of calls.
  public static List<NamedCalls> of(CallSet all, Architecture architecture, SyscallTable table) {
    CallSet calls = all.ofArchitecture(architecture.token());
    if (architecture == Architecture.X86_64) {
      calls = calls.ofNumbers(X32_AND_ABOVE, 0);
    } else if (architecture == Architecture.X32) {
      // As the kernel and libseccomp do it: what is not below the bit.
      calls =
          calls
              .ofNumbers(Architecture.X32_BIT, Architecture.X32_BIT)
              .or(calls.ofNumbers(SIGN, SIGN));
    }
    if (calls.isEmpty()) {
      return List.of();
    }
    NavigableMap<Integer, String> known = table.of(architecture);
    List<NamedCalls> found = new ArrayList<>();
    for (CallSet.SameArguments same : calls.byArguments(architecture.token())) {
      List<Integer> named = known.keySet().stream().filter(same.numbers()::contains).toList();
      found.add(
          new NamedCalls(
              named.stream().map(known::get).distinct().sorted().toList(),
              text(same.numbers().without(named)),
              same.condition(),
              named.stream()
                  .min(Comparator.comparing(known::get))
                  .map(number -> same.calls().ofNumbers(-1, number))
                  .orElse(same.calls())));
    }
    return found;
  }

  private static String text(Numbers numbers) {
    if (numbers.isEmpty()) {
      return "";
    }
    List<Range> ranges = numbers.ranges(MOST_RANGES);
    if (ranges == null) {
      return "many numbers";
    }
    return ranges.stream()
        .map(range ->
            range.isSingle() ? Long.toString(range.from()) : range.from() + "-" + range.to())
        .collect(Collectors.joining(", "));
  }
}
