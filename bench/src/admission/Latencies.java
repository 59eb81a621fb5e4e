import java.util.Arrays;

/// How long something took, again and again.
final class Latencies {
  private long[] nanos = new long[1024];
  private int count;

  synchronized void add(long took) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    nanos[count++] = took;
  }

  /// Milliseconds.
  ///
  /// @param percent 50 for the median
  synchronized double percentile(double percent) {
    if (count == 0) {
      return Double.NaN;
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(count - 1, Math.round(percent / 100 * count))] / 1e6;
  }
}
