package dev.portcullis.node.denial;

import dev.portcullis.kernel.denial.ContainerDenials;
import dev.portcullis.kernel.denial.NamedDenial;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.process.SeccompState;
import dev.portcullis.node.truth.ContainerFacts;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;

/// Watches which system calls of the containers of this node are refused, or logged by their
/// profiles, and reports them: to a listener, and in a {@link DenialFile}.
///
/// It has a thread of its own. Where it cannot watch, it logs that once and tries again; the rest
/// of the node does not need it.
public final class DenialMonitor implements AutoCloseable {
  private static final Logger LOG = System.getLogger(DenialMonitor.class.getName());
  private static final Duration BETWEEN_TRIES = Duration.ofMinutes(1);

  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(2);

  private final Architecture machine;
  private final DenialReports reports;
  private final Listener listener;
  private final Thread thread = Thread.ofPlatform().daemon().name("denials").unstarted(this::run);
  private volatile List<ContainerFacts> running = List.of();
  private final AtomicBoolean changed = new AtomicBoolean();

  private final UnwatchedContainers unwatched = new UnwatchedContainers();
  private volatile String problem = "";

  /// Is notified, by the thread of the monitor.
  public interface Listener {
    /// Calls were refused, or logged.
    ///
    /// @param more how many since the last notification
    void seen(NamedDenial<DeniedContainer> denial, long more);

    /// So many more are in no count since the last notification.
    ///
    /// @param lost events that the kernel had no room for, at least
    void incomplete(long lost, long omitted, long undecided);

    /// Of so many containers the refused calls are seen, and of so many not.
    void watched(int seen, int unseen);
  }

  /// @param machine its architecture
  public DenialMonitor(Architecture machine, DenialFile file, Listener listener) {
    this.machine = machine;
    this.listener = listener;
    reports = new DenialReports(machine, file, listener);
  }

  /// Begins. What an agent before this one knew is not true any more.
  public void begin() {
    reports.begin();
    thread.start();
  }

  /// Why no container is watched now; empty where they are.
  public String problem() {
    return problem;
  }

  /// These run now.
  public void running(List<ContainerFacts> containers) {
    running = containers;
    changed.set(true);
  }

  @SuppressWarnings("CatchingUnchecked") // nothing else would report it
  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try (ContainerDenials<DeniedContainer> denials =
          ContainerDenials.begin(machine, named(SyscallTable.ofThisMachine().of(machine)))) {
        if (!problem.isEmpty()) {
          LOG.log(Level.INFO, "refused calls of containers are watched again");
        }
        problem = "";
        watch(denials);
      } catch (InterruptedException stopping) {
        return;
      } catch (IOException failed) {
        lose(String.valueOf(failed.getMessage()));
      } catch (Throwable bug) {
        // Also of an error: a thread that is gone would leave figures that look alive.
        survive(bug);
      }
      try {
        Thread.sleep(BETWEEN_TRIES);
      } catch (InterruptedException stopping) {
        return;
      }
    }
  }

  @SuppressWarnings("CatchingUnchecked") // as above
  private void survive(Throwable bug) {
    try {
      lose("a bug in Portcullis: " + bug);
      LOG.log(Level.ERROR, "a bug in Portcullis", bug);
    } catch (Throwable noMemoryToSayIt) {
      // It is tried again all the same.
    }
  }

  /// Whether a number has a name. Without libseccomp that is unknown, and each counts as named.
  private static IntPredicate named(Map<Integer, String> names) {
    return number -> names.isEmpty() || names.containsKey(number);
  }

  private void lose(String why) {
    reports.begin();
    unwatched.forgetStarts();
    listener.watched(0, running.size());
    if (!why.equals(problem)) {
      LOG.log(
          Level.WARNING, "refused calls of containers are not watched, all else works: {0}", why);
    }
    problem = why;
  }

  private void watch(ContainerDenials<DeniedContainer> denials)
      throws IOException, InterruptedException {
    changed.set(true);
    boolean begun = false;
    long reported = System.nanoTime() - BETWEEN_REPORTS.toNanos();
    while (true) {
      boolean again = changed.getAndSet(false);
      if (again || unwatched.isAnyDue()) {
        // Before those that have gone are forgotten, their last calls are reported. What is written
        // before any container is watched would say that nothing is refused.
        if (again && begun) {
          denials.poll();
          denials.poll();
          report(denials);
        }
        follow(denials, running);
        begun = true;
      }
      denials.poll();
      if (System.nanoTime() - reported >= BETWEEN_REPORTS.toNanos()) {
        reported = System.nanoTime();
        report(denials);
      }
      Thread.sleep(denials.pause());
    }
  }

  private void follow(ContainerDenials<DeniedContainer> denials, List<ContainerFacts> now)
      throws IOException, InterruptedException {
    Set<DeniedContainer> wanted = new HashSet<>(containers(now));
    denials.retain(wanted);
    reports.retain(wanted);
    unwatched.retain(wanted);
    for (ContainerFacts facts : now) {
      DeniedContainer container = DeniedContainer.of(facts);
      if (denials.follows(container) || !unwatched.isDue(container)) {
        continue;
      }
      try {
        if (follow(denials, container, facts)) {
          unwatched.remove(container);
        } else {
          unwatched.await(container);
        }
      } catch (IOException e) {
        unwatched.refuse(container, String.valueOf(e.getMessage()), denials.isFull());
      }
      // A node may have hundreds, and each takes a while: the buffers must not fill meanwhile.
      denials.poll();
    }
    int seen = (int) wanted.stream().filter(denials::follows).count();
    listener.watched(seen, wanted.size() - seen);
  }

  /// @return false where its program has not begun
  private static boolean follow(
      ContainerDenials<DeniedContainer> denials, DeniedContainer container, ContainerFacts facts)
      throws IOException, InterruptedException {
    Long pid = facts.pid();
    if (pid == null) {
      throw new IOException("the runtime does not tell its first process");
    }
    Optional<LiveProcess> opened = LiveProcess.open(pid);
    if (opened.isEmpty()) {
      return false;
    }
    try (LiveProcess process = opened.get()) {
      // The number may be another process' by now.
      if (!process.inContainer(container.id())) {
        throw new IOException(
            "the control group of its first process "
                + pid
                + " does not have the container's id "
                + container.id());
      }
      return denials.follow(container, container.id(), process, ofRuntime(facts, process));
    }
  }

  /// How many filters it has at the most that are not its program's own.
  private static int ofRuntime(ContainerFacts facts, LiveProcess process) throws IOException {
    boolean tells = process.seccomp().map(SeccompState::filters).isPresent();
    boolean isConfined = facts.record() == null || facts.record().mustBeFiltered();
    return tells ? process.inheritedFilters() + (isConfined ? 1 : 0) : Integer.MAX_VALUE;
  }

  private void report(ContainerDenials<DeniedContainer> denials) {
    reports.report(denials, containers(running), unwatched.reasons());
  }

  private static List<DeniedContainer> containers(List<ContainerFacts> all) {
    return all.stream().map(DeniedContainer::of).toList();
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException again) {
      Thread.currentThread().interrupt();
    }
    reports.end();
  }
}
