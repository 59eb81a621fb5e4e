package dev.portcullis.kernel.trace;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// One of a trace's lists of threads: whom it follows, or whom it leaves out.
///
/// The kernel adds what a thread of it starts, before that runs. It takes a thread away when it
/// frees what it knew of it (`sched_process_free`): some time after its end, when its number may
/// have been given out again. A thread that ends while the list is written may stay in it for good
/// (`trace_pid_write` copies it).
public final class ThreadList {
  private final Path file;

  ThreadList(Path file) {
    this.file = file;
  }

  /// Its threads.
  public List<Long> threads() throws IOException {
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      return new String(in.readAllBytes(), US_ASCII).lines().map(Long::valueOf).toList();
    }
  }

  /// Adds those that it does not have.
  ///
  /// The kernel takes new ones only after two grace periods (`tracepoint_synchronize_unregister`),
  /// 36 ms on a machine of two processors, and lists at once those that it has: so these are not
  /// written again.
  public void add(Collection<Long> threads) throws IOException {
    Set<Long> fresh = new LinkedHashSet<>(threads);
    if (!fresh.isEmpty()) {
      fresh.removeAll(new HashSet<>(threads()));
    }
    if (!fresh.isEmpty()) {
      write(fresh, true);
    }
  }

  /// Has these alone, after a moment in which it has none.
  public void replace(Collection<Long> threads) throws IOException {
    write(threads, false);
  }

  private void write(Collection<Long> threads, boolean isMore) throws IOException {
    // Opening it without O_APPEND empties it.
    try (FileOutputStream out = new FileOutputStream(file.toFile(), isMore)) {
      if (!threads.isEmpty()) {
        String text = threads.stream().map(String::valueOf).collect(Collectors.joining(" ")) + "\n";
        out.write(text.getBytes(US_ASCII));
      }
    }
  }
}
