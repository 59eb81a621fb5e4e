package dev.portcullis.kernel.denial;

import dev.portcullis.kernel.process.LiveFilters;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.process.RecentTasks;
import dev.portcullis.kernel.process.SeccompState;
import dev.portcullis.kernel.trace.NumberRanges;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.meaning.Bounds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The filters of a process and of what it starts, as {@link LiveFilters} reads them. A remark
/// names those whose filters cannot be read.
///
/// A process that makes ever new filters costs no more than the bounds here.
final class FollowedFilters {
  /// That a process gives itself while it is followed.
  static final int MOST_OF_ONE = 64;

  private static final int MOST = 512;
  private static final int MOST_PROCESSES = 1 << 14;
  private static final int MOST_REMARKS = 20;

  /// For the filters of all but the first process: to read and to understand them.
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final int architecture;
  private final Set<Filters> known = new LinkedHashSet<>();
  private final Map<Integer, Integer> learnt = new RecentTasks<>(MOST_PROCESSES);
  private final List<String> remarks = new ArrayList<>();
  private final Set<String> said = new HashSet<>();
  private long spent;
  private @Nullable SeccompState usual;
  private RefusalTable table;
  private RefusalTable ofAll;

  /// @param architecture the token `AUDIT_ARCH_*`
  FollowedFilters(int architecture) {
    this.architecture = architecture;
    table = RefusalTable.ofNone(architecture);
    ofAll = table;
  }

  /// Those of the process that was named.
  ///
  /// @return whether it is there
  boolean read(LiveProcess process) throws IOException, InterruptedException {
    usual = process.seccomp().orElse(null);
    Optional<LiveFilters> first = LiveFilters.read(process);
    if (first.isPresent()) {
      add(first.get().filters());
      // Threads that have others may lack these.
      ofAll = process.filteredOtherwise().isEmpty() ? table : RefusalTable.ofNone(architecture);
      readOtherwise(process);
    }
    return first.isPresent();
  }

  /// Those of a process that the named one had started: where it has as many, they are the same.
  void readOther(long pid) throws InterruptedException {
    within(
        () -> {
          Optional<LiveProcess> opened = LiveProcess.open(pid);
          if (opened.isEmpty()) {
            return;
          }
          try (LiveProcess process = opened.get()) {
            SeccompState state = process.seccomp().orElse(null);
            if (state != null && (state.filters() == null || !state.equals(usual))) {
              boolean _ = readThread(process, pid);
            }
            readOtherwise(process);
          }
        },
        "process " + pid);
  }

  /// Those of the threads that have others than the first.
  private void readOtherwise(LiveProcess process) throws IOException, InterruptedException {
    for (long thread : process.filteredOtherwise()) {
      boolean _ = readThread(process, thread);
    }
  }

  private boolean readThread(LiveProcess process, long thread)
      throws IOException, InterruptedException {
    Optional<LiveFilters> read = LiveFilters.read(process, thread);
    if (read.isPresent()) {
      add(read.get().filters());
    }
    return read.isPresent();
  }

  /// A thread has given itself a filter more.
  ///
  /// @param process that it belongs to
  void learn(int thread, DeniedProcess process) throws InterruptedException {
    int times = learnt.merge(process.pid(), 1, Integer::sum);
    if (times > MOST_OF_ONE + 1) {
      return;
    }
    within(
        () -> {
          if (times > MOST_OF_ONE) {
            throw new IOException(
                "it has given itself filters more than " + MOST_OF_ONE + " times");
          }
          Optional<LiveProcess> opened = LiveProcess.open(thread);
          if (opened.isEmpty()) {
            throw ended();
          }
          try (LiveProcess own = opened.get()) {
            if (!readThread(own, thread)) {
              throw ended();
            }
          }
        },
        process.command() + " (pid " + process.pid() + ")");
  }

  private static IOException ended() {
    return new IOException("it ended before they were read");
  }

  private interface FilterAttempt {
    void run() throws IOException, InterruptedException;
  }

  private void within(FilterAttempt attempt, String whose) throws InterruptedException {
    long begin = System.nanoTime();
    try {
      if (spent > LONGEST.toNanos()) {
        throw new IOException("those of others have taken more than " + LONGEST.toSeconds() + " s");
      }
      attempt.run();
    } catch (IOException e) {
      remark(
          "the filters of "
              + whose
              + " are not known, and what they alone refuse is not seen: "
              + e.getMessage());
    } finally {
      spent += System.nanoTime() - begin;
    }
  }

  private void add(Filters filters) throws IOException {
    if (known.contains(filters)) {
      return;
    }
    if (known.size() >= MOST) {
      throw new IOException("those of others are " + MOST + " different ones");
    }
    // Also where it is not understood: not again.
    known.add(filters);
    table = table.or(RefusalTable.of(architecture, filters, Bounds.USUAL));
  }

  void remark(String text) {
    String next =
        said.contains(text) || said.size() < MOST_REMARKS
            ? text
            : "the filters of further processes are not known";
    if (said.add(next)) {
      remarks.add(next);
    }
  }

  /// The calls that are traced.
  NumberRanges traced(FilterInstallation more) {
    BitSet loggable = ofAll.loggable();
    return table.refusable(number -> more.contain(number) || loggable.get(number));
  }

  /// What the filters may do that the named process had: what it starts has them, too.
  RefusalTable ofAll() {
    return ofAll;
  }

  /// What all that are known may do; another object when one comes.
  RefusalTable table() {
    return table;
  }

  /// Those of the process that was named first.
  Set<Filters> known() {
    return Collections.unmodifiableSet(known);
  }

  /// Those since the last time, each once.
  List<String> remarks() {
    List<String> said = List.copyOf(remarks);
    remarks.clear();
    return said;
  }
}
