package dev.portcullis.seccomp.recording;

import dev.portcullis.seccomp.recording.RecordedCall.Values;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Adds up what was recorded of the same call several times.
final class CallSum {
  /// By the values, each unsigned, the first argument first.
  private static final Comparator<Values> ORDER =
      (a, b) -> {
        for (int i = 0; i < Math.min(a.of().size(), b.of().size()); i++) {
          int order = Long.compareUnsigned(a.of().get(i), b.of().get(i));
          if (order != 0) {
            return order;
          }
        }
        return Integer.compare(a.of().size(), b.of().size());
      };

  /// What every reader of JSON has exactly. A count that has come this far stays there.
  static final long MOST = 1L << 53;

  private CallSum() {}

  /// The sum of two counts.
  static long add(long a, long b) {
    return Math.min(MOST, a + b);
  }

  static RecordedCall of(List<RecordedCall> same) {
    RecordedCall first = same.getFirst();
    long count = 0;
    long others = 0;
    Map<List<Long>, Long> values = new HashMap<>();
    boolean alike = same.stream().allMatch(each -> each.kept().equals(first.kept()));
    for (RecordedCall each : same) {
      count = add(count, each.count());
      others = add(others, alike ? each.otherCount() : each.count());
      if (alike) {
        each.values().forEach(value -> values.merge(value.of(), value.count(), CallSum::add));
      }
    }
    // The frequent ones are the ones to keep.
    List<Values> all = new ArrayList<>();
    values.forEach((of, often) -> all.add(new Values(of, often)));
    all.sort(Comparator.comparingLong(Values::count).reversed().thenComparing(ORDER));
    List<Values> kept =
        new ArrayList<>(all.subList(0, Math.min(all.size(), RecordedCall.MOST_VALUES)));
    for (Values dropped : all.subList(kept.size(), all.size())) {
      others = add(others, dropped.count());
    }
    kept.sort(ORDER);
    String name =
        same.stream()
            .map(RecordedCall::name)
            .filter(each -> !each.isEmpty())
            .findFirst()
            .orElse("");
    return new RecordedCall(
        first.architecture(), first.number(), name, count, first.kept(), kept, others);
  }
}
