package dev.portcullis.kernel.process;

import java.util.LinkedHashMap;
import java.util.Map;

/// What is known of threads or processes, by their ids. Beyond a number of them, the one that was
/// not asked about for the longest time is forgotten: ends are not always seen, so there would be
/// ever more. For one thread.
///
/// @param <V> what is known of each
public final class RecentTasks<V> extends LinkedHashMap<Integer, V> {
  private static final long serialVersionUID = 1;

  private final int most;

  /// @param most how many are kept
  public RecentTasks(int most) {
    super(16, 0.75f, true);
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<Integer, V> eldest) {
    return size() > most;
  }
}
