package dev.portcullis.node.denial;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.kernel.denial.ContainerDenials;
import dev.portcullis.kernel.denial.Denial;
import dev.portcullis.kernel.denial.DenialDocument;
import dev.portcullis.kernel.denial.NamedDenial;
import dev.portcullis.kernel.denial.RefusedCalls;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.process.SeccompState;
import dev.portcullis.node.truth.ContainerFacts;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.heal.DenialReader;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Watches which system calls of the containers of this node are refused, or logged by their
/// profiles, and tells of them: to a listener, and by a {@link DenialFile}.
///
/// It has a thread of its own. Where it cannot watch, it says so once and tries again; the rest of
/// the node does not need it.
public final class DenialMonitor implements AutoCloseable {
  private static final Logger LOG = System.getLogger(DenialMonitor.class.getName());
  private static final Duration BETWEEN_TRIES = Duration.ofMinutes(1);
  private static final int MOST_NAMED = 500;

  /// From one try to watch a container to the next: at first, and after many. To look at a filter
  /// that nobody understands costs a second, and it stays.
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /// Until a container counts as not watched whose program does not begin.
  private static final Duration LONGEST_START = Duration.ofSeconds(10);

  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(2);

  private final Architecture machine;
  private final DenialFile file;
  private final Listener listener;
  private final Thread thread = Thread.ofPlatform().daemon().name("denials").unstarted(this::run);
  private volatile List<ContainerFacts> running = List.of();
  private final AtomicBoolean changed = new AtomicBoolean();

  /// By the ids of the containers.
  private final Map<String, Unwatched> unwatched = new HashMap<>();

  /// What was told last.
  private final Map<DeniedContainer, Map<Kind, NamedDenial<DeniedContainer>>> told =
      new HashMap<>();

  /// Whose program has not begun, since when.
  private final Map<DeniedContainer, Long> waiting = new HashMap<>();

  private volatile String problem = "";
  private long toldLost;
  private long toldOmitted;
  private long toldUndecided;
  private @Nullable RefusedCalls names;
  private int named;

  private record Kind(long number, Verdict verdict) {}

  /// A container that cannot be watched.
  ///
  /// @param why for people; it has been said
  /// @param pause before the next try
  /// @param since when it was tried last, by `System.nanoTime`
  private record Unwatched(String why, Duration pause, long since) {
    boolean mayBeTried() {
      return hasPassed(pause, since);
    }
  }

  private static boolean hasPassed(Duration time, long since) {
    return System.nanoTime() - since >= time.toNanos();
  }

  /// Is told, by the thread of the monitor.
  public interface Listener {
    /// Calls were refused, or logged.
    ///
    /// @param more how many since it was last told
    void seen(NamedDenial<DeniedContainer> denial, long more);

    /// So many more are in no count since it was last told.
    ///
    /// @param lost events that the kernel had no room for, at least
    void incomplete(long lost, long omitted, long undecided);

    /// Of so many containers the refused calls are seen, and of so many not.
    void watched(int seen, int unseen);
  }

  /// @param machine its architecture
  public DenialMonitor(Architecture machine, DenialFile file, Listener listener) {
    this.machine = machine;
    this.file = file;
    this.listener = listener;
  }

  /// Begins. What an agent before this one knew is not true any more.
  public void begin() {
    forget();
    thread.start();
  }

  private void forget() {
    try {
      file.remove();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot remove the file of refused calls: {0}", e);
    }
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

  @SuppressWarnings("CatchingUnchecked") // nobody else would say it
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

  /// Without libseccomp nobody knows.
  private static IntPredicate named(Map<Integer, String> names) {
    return number -> names.isEmpty() || names.containsKey(number);
  }

  private void lose(String why) {
    forget();
    waiting.clear();
    told.clear();
    // The next watch begins at zero.
    toldLost = 0;
    toldOmitted = 0;
    toldUndecided = 0;
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
      if (again
          || !waiting.isEmpty()
          || unwatched.values().stream().anyMatch(Unwatched::mayBeTried)) {
        // Before those that have gone are forgotten, their last calls are told. What is written
        // before anybody is watched would say that nothing is refused.
        if (again && begun) {
          denials.poll();
          denials.poll();
          report(denials);
        }
        follow(denials, running);
        begun = true;
      }
      denials.poll();
      if (hasPassed(BETWEEN_REPORTS, reported)) {
        reported = System.nanoTime();
        report(denials);
      }
      Thread.sleep(denials.pause());
    }
  }

  private void follow(ContainerDenials<DeniedContainer> denials, List<ContainerFacts> now)
      throws IOException, InterruptedException {
    Set<DeniedContainer> wanted = new HashSet<>();
    Set<String> ids = new HashSet<>();
    for (ContainerFacts facts : now) {
      wanted.add(DeniedContainer.of(facts));
      ids.add(facts.id());
    }
    denials.retain(wanted);
    told.keySet().retainAll(wanted);
    waiting.keySet().retainAll(wanted);
    unwatched.keySet().retainAll(ids);
    for (ContainerFacts facts : now) {
      DeniedContainer container = DeniedContainer.of(facts);
      Unwatched before = unwatched.get(facts.id());
      if (denials.follows(container) || (before != null && !before.mayBeTried())) {
        continue;
      }
      try {
        if (follow(denials, container, facts)) {
          unwatched.remove(facts.id());
          waiting.remove(container);
        } else {
          await(container);
        }
      } catch (IOException e) {
        waiting.remove(container);
        refuse(container, String.valueOf(e.getMessage()), denials.isFull());
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

  private void await(DeniedContainer container) {
    long since = waiting.computeIfAbsent(container, _ -> System.nanoTime());
    if (hasPassed(LONGEST_START, since)) {
      waiting.remove(container);
      refuse(
          container,
          "its first process has ended, does not execute the container's program, or cannot be"
              + " stopped, as when the container is paused",
          true);
    }
  }

  /// @param soon whether the next try costs next to nothing
  private void refuse(DeniedContainer container, String reason, boolean soon) {
    String why =
        "refused calls of container \""
            + container.name()
            + "\" of pod "
            + container.namespace()
            + "/"
            + container.pod()
            + " are not watched: "
            + reason;
    Unwatched before = unwatched.get(container.id());
    Duration pause = before == null || soon ? FIRST_PAUSE : before.pause().multipliedBy(2);
    unwatched.put(
        container.id(),
        new Unwatched(
            why, pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE, System.nanoTime()));
    if (before == null) {
      LOG.log(Level.WARNING, why);
    }
  }

  private NamedDenial<DeniedContainer> name(Denial<DeniedContainer> denial, Filters filters) {
    RefusedCalls calls = names;
    // It keeps what it has understood of each profile, and those may come and go.
    if (calls == null || named == MOST_NAMED) {
      calls = new RefusedCalls(machine, SyscallTable.ofThisMachine(), Bounds.SMALL);
      names = calls;
      named = 0;
    }
    named++;
    return calls.of(denial, Set.of(filters));
  }

  private void report(ContainerDenials<DeniedContainer> denials) {
    List<Mapping> all = new ArrayList<>();
    for (Denial<DeniedContainer> denial : denials.denials()) {
      DeniedContainer container = denial.subject();
      Map<Kind, NamedDenial<DeniedContainer>> kinds =
          told.computeIfAbsent(container, _ -> new HashMap<>());
      Kind kind = new Kind(denial.number(), denial.verdict());
      NamedDenial<DeniedContainer> before = kinds.get(kind);
      NamedDenial<DeniedContainer> now =
          before == null
              ? name(denial, denials.filters(container))
              : new NamedDenial<>(denial, before.name(), machine, before.changes());
      kinds.put(kind, now);
      all.add(
          DenialDocument.of(now, container.document())
              .put("command", denial.command())
              .putTexts("allow", now.changes())
              .build());
      long more = denial.count() - (before == null ? 0 : before.denial().count());
      if (more > 0) {
        listener.seen(now, more);
      }
    }
    if (denials.lost() > 0 && toldLost == 0) {
      LOG.log(
          Level.WARNING,
          "the kernel had no room for {0} events of system calls; counts of refused calls are"
              + " too low",
          Long.toString(denials.lost()));
    }
    listener.incomplete(
        denials.lost() - toldLost,
        denials.omitted() - toldOmitted,
        denials.undecided() - toldUndecided);
    toldLost = denials.lost();
    toldOmitted = denials.omitted();
    toldUndecided = denials.undecided();
    try {
      file.write(
          new MappingBuilder()
              .put("apiVersion", DenialReader.VERSION)
              .put("denials", all)
              .put("lost", denials.lost())
              .put("undecided", denials.undecided())
              .put("omitted", denials.omitted())
              .put("watched", watched(denials))
              .putTexts("remarks", unwatched.values().stream().map(Unwatched::why).toList())
              .build());
    } catch (ClosedByInterruptException stopping) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot write the file of refused calls: {0}", e);
    }
  }

  private List<Mapping> watched(ContainerDenials<DeniedContainer> denials) {
    return running.stream()
        .map(DeniedContainer::of)
        .filter(denials::follows)
        .map(DeniedContainer::document)
        .toList();
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException again) {
      Thread.currentThread().interrupt();
    }
    try {
      file.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot remove the file of refused calls: {0}", e);
    }
  }
}
