package dev.portcullis.kernel.denial;

import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.process.ProcessTree;
import dev.portcullis.kernel.trace.TraceEvent;
import dev.portcullis.kernel.trace.TraceEvent.CallEntry;
import dev.portcullis.kernel.trace.TraceEvent.CallExit;
import dev.portcullis.kernel.trace.TraceInstance;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.profile.Architecture;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Sees every system call that the filters of a process, and of what it starts, refuse: with every
/// action, and without that anything of it changes; and every one that the process's own filters
/// let go on and log. Calls that the filters always allow make no event.
///
/// A process stands still once, for its filters to be read ({@link FollowedFilters}). For one
/// thread.
public final class DenialWatch implements AutoCloseable {
  /// Between two calls of {@link #poll}, as a rule.
  private static final Duration USUAL = Duration.ofMillis(100);

  private static final Duration SOON = Duration.ofMillis(4);

  /// From the process and what it has started, when the watch begins.
  private static final int MOST_THREADS = 20_000;

  /// At the threads, while some are running.
  private static final int LOOKS = 20;

  private final TraceInstance trace;
  private final FilterInstallation calls;
  private final FollowedFilters filters;
  private final CallMatcher matcher;
  private final FollowedThreads threads = new FollowedThreads();

  /// That are about to give themselves a filter.
  private final Set<Integer> about = new HashSet<>();

  private DenialWatch(TraceInstance trace, Architecture machine, FilterInstallation calls) {
    this.trace = trace;
    this.calls = calls;
    filters = new FollowedFilters(machine.token());
    matcher = new CallMatcher(filters.table(), filters.ofAll());
  }

  /// Begins.
  ///
  /// @param machine this machine's architecture, by which the calls are numbered
  /// @param calls by which a process gives itself filters
  /// @throws IOException where tracefs, or the filters of the process, cannot be had; with what to
  ///   do
  public static DenialWatch begin(
      LiveProcess process, Architecture machine, FilterInstallation calls)
      throws IOException, InterruptedException {
    DenialWatch watch = new DenialWatch(TraceInstance.create(), machine, calls);
    try {
      watch.follow(process);
      return watch;
    } catch (IOException | InterruptedException | RuntimeException failed) {
      try (watch) {
        throw failed;
      }
    }
  }

  /// The filters are read when the trace is on: one that comes meanwhile is in one of both.
  private void follow(LiveProcess process) throws IOException, InterruptedException {
    trace.limit(filters.traced(calls));
    follow(process.pid());
    trace.begin();
    if (calls.seccomp().isEmpty()) {
      filters.remark(
          "there is no libseccomp, which knows the number of seccomp(2): filters that processes give"
              + " themselves from now on are not known, and what they alone refuse is not seen");
    }
    if (!filters.read(process)) {
      throw new IOException("process " + process.pid() + " has ended");
    }
    for (long descendant : ProcessTree.descendants(process.pid())) {
      filters.readOther(descendant);
    }
    use();
  }

  /// All threads of a process and of what it has started.
  private void follow(long pid) throws IOException {
    // They are asked while they are there.
    int count =
        trace.followAll(
            () -> threadsBelow(pid), MOST_THREADS + 1, thread -> threads.of((int) thread));
    if (count > MOST_THREADS) {
      throw new IOException(
          "process " + pid + " and what it started have more than " + MOST_THREADS + " threads");
    }
    if (count == 0) {
      // An empty list would mean everybody.
      throw new IOException("process " + pid + " has ended");
    }
  }

  private static List<Long> threadsBelow(long pid) throws IOException {
    List<Long> found = new ArrayList<>(ProcessTree.threads(pid));
    found.addAll(ProcessTree.threads(ProcessTree.descendants(pid)));
    return found;
  }

  /// From now on by all filters that are known. Who is in a call may have begun it unseen.
  private void use() throws IOException, InterruptedException {
    trace.limit(filters.traced(calls));
    Map<Integer, Long> inCalls = new HashMap<>();
    List<Long> asked = trace.followed();
    for (int look = 0; look < LOOKS && !asked.isEmpty(); look++) {
      for (long thread : asked) {
        inCalls.put((int) thread, CallMatcher.callOf(thread));
      }
      asked = asked.stream().filter(thread -> isRunning(inCalls, thread)).toList();
      if (!asked.isEmpty()) {
        // Who stood still to be read is soon back in the call that it waits in.
        Thread.sleep(SOON);
      }
    }
    matcher.use(filters.table(), filters.ofAll(), inCalls, System.nanoTime());
  }

  private static boolean isRunning(Map<Integer, Long> inCalls, long thread) {
    return inCalls.getOrDefault((int) thread, CallMatcher.RUNNING) == CallMatcher.RUNNING;
  }

  /// The calls that were refused or logged since the last time, in their order.
  public List<CallAnswer> poll() throws IOException, InterruptedException {
    List<CallAnswer> answers = new ArrayList<>();
    Set<Integer> changed = new LinkedHashSet<>();
    for (TraceEvent event : trace.read()) {
      threads.accept(event);
      matcher.accept(event).ifPresent(answers::add);
      if (event instanceof CallEntry entry && calls.give(entry)) {
        about.add(entry.thread());
      } else if (event instanceof CallExit exit
          && about.remove(exit.thread())
          && exit.result() >= 0) {
        changed.add(exit.thread());
      }
    }
    RefusalTable before = filters.table();
    for (int thread : changed) {
      filters.learn(thread, threads.of(thread));
    }
    if (filters.table() != before) {
      use();
    }
    return answers;
  }

  /// Whose call it was.
  public DeniedProcess process(CallAnswer answer) {
    return threads.of(answer.thread());
  }

  /// Whether none of the processes is there any more. What is still to be read, two further calls
  /// of {@link #poll} give.
  public boolean hasEnded() throws IOException {
    // Who ended just before the kernel took the number stays in its list.
    return trace.followed().stream().noneMatch(ProcessTree::isThere);
  }

  /// When to call {@link #poll} again.
  public Duration pause() {
    return trace.isBusy() ? SOON : USUAL;
  }

  /// The filters that decide; those of the process itself first.
  public Set<Filters> filters() {
    return filters.known();
  }

  /// Whether any of the processes has a filter.
  public boolean isFiltered() {
    return filters.known().stream().anyMatch(each -> !each.newestFirst().isEmpty());
  }

  /// How many events the kernel lost, at least.
  public long lost() {
    return matcher.lost();
  }

  /// How many calls were perhaps refused: they had begun before the watch did, or their beginning
  /// was lost; or no filter that is known answers so.
  public long undecided() {
    return matcher.undecided();
  }

  /// Which filters are not known, each once: what they alone refuse is not seen.
  public List<String> remarks() {
    return filters.remarks();
  }

  @Override
  public void close() throws IOException {
    trace.close();
  }
}
