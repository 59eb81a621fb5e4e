package dev.portcullis.kernel.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Numbers of system calls, as a filter of tracefs has them.
///
/// @param ranges in order, none beside another
/// @param above from which number on all belong to it
public record NumberRanges(List<Span> ranges, int above) {
  // A filter is read into one page, of which the smallest have 4096 bytes (event_filter_write).
  private static final int LONGEST = 4000;

  public NumberRanges {
    ranges = List.copyOf(ranges);
  }

  /// From one to another, both included.
  record Span(int first, int last) {
    String text() {
      return first == last ? "id==" + first : "(id>=" + first + "&&id<=" + last + ")";
    }
  }

  /// Those below a number that are chosen, and all from it on.
  public static NumberRanges of(IntPredicate chosen, int above) {
    List<Span> ranges = new ArrayList<>();
    for (int number = 0; number < above; number++) {
      if (!chosen.test(number)) {
        continue;
      }
      int first = number;
      while (number + 1 < above && chosen.test(number + 1)) {
        number++;
      }
      ranges.add(new Span(first, number));
    }
    return new NumberRanges(ranges, above);
  }

  /// Whether a number is among them.
  public boolean contains(int number) {
    return number >= above
        || ranges.stream().anyMatch(each -> each.first() <= number && number <= each.last());
  }

  /// As tracefs reads it. Where that is too long for the kernel, numbers between are let in, too:
  /// the nearest first.
  String text() {
    List<Span> wider = new ArrayList<>(ranges);
    String text = text(wider);
    while (text.length() > LONGEST) {
      List<Span> all = wider;
      int at =
          IntStream.range(1, all.size())
              .boxed()
              .min(Comparator.comparingInt(i -> all.get(i).first() - all.get(i - 1).last()))
              .orElseThrow();
      Span upper = wider.remove(at);
      wider.set(at - 1, new Span(wider.get(at - 1).first(), upper.last()));
      text = text(wider);
    }
    return text;
  }

  private String text(List<Span> spans) {
    String few = spans.stream().map(Span::text).collect(Collectors.joining("||"));
    return (few.isEmpty() ? "" : few + "||") + "id>=" + above;
  }
}
