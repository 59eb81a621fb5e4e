package dev.portcullis.kernel.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Reads the state of a container's first process while the container is being started.
///
/// A container may start and end before the runtime could report its pid. So where the pid is not
/// known when the container is created, processes that appear meanwhile are looked at, and the last
/// state of the first that belongs to the container is kept. The state that counts is one that the
/// kernel showed; where none was caught there is none.
///
/// Start one after CreateContainer and before StartContainer, close it after that.
public final class ContainerProcessWatch implements AutoCloseable {
  // Of 50 containers that run `true`, caught on a busy machine of two cores (Linux 6.18): runc
  // 1.1.5
  // 50, and 50 with no_new_privs; crun 1.8.1 50, and 48. With no_new_privs a runtime loads the
  // filter
  // just before execve(2), so there is no moment at which it waits with the filter in place.
  private static final Duration SEARCHING = Duration.ofMillis(1);
  private static final Duration WATCHING = Duration.ofNanos(50_000);
  private static final Duration LONGEST = Duration.ofMinutes(3);
  private static final int MOST_CANDIDATES = 512;
  // More new numbers than this between two looks are not gone through one by one.
  private static final long MOST_NEW = 4096;

  private final String containerId;
  private final @Nullable Long told;
  private final Thread thread;

  /// Its end is waited for whatever interrupts the wait: it is near.
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

  private final Map<Long, LiveProcess> strangers = new HashMap<>();
  private final List<LiveProcess> members = new ArrayList<>();
  private long newest;
  private volatile boolean closed;
  private volatile @Nullable SeccompState seen;
  private volatile @Nullable ProcessRights rights;
  private volatile @Nullable IOException failure;

  private ContainerProcessWatch(String containerId, @Nullable Long told, long newest) {
    this.containerId = containerId;
    this.told = told;
    this.newest = newest;
    thread = Thread.ofPlatform().daemon().name("watch " + containerId).unstarted(this::run);
  }

  /// Begins to look.
  ///
  /// @param pid of its process, where the runtime makes that in CreateContainer, as CRI-O; null
  ///   where it does in StartContainer, as containerd
  public static ContainerProcessWatch start(String containerId, @Nullable Long pid)
      throws IOException {
    rehearse();
    var watch = new ContainerProcessWatch(containerId, pid, newestPid());
    if (pid != null) {
      LiveProcess.open(pid).ifPresent(watch.members::add);
      // A container may be over before the thread has a processor; this one has a process by now.
      watch.observe();
    }
    watch.thread.start();
    return watch;
  }

  /// Reads a process before there is one to watch: the first calls of the C library take
  /// milliseconds, and a container's process may be over by then.
  private static void rehearse() throws IOException {
    try (LiveProcess self = LiveProcess.open(ProcessHandle.current().pid()).orElseThrow()) {
      var _ = self.read("status");
    }
  }

  /// What was seen so far; empty where nothing was caught.
  public Optional<SeccompState> seen() {
    return Optional.ofNullable(seen);
  }

  /// What the container's program may do; empty where it was not caught.
  public Optional<ProcessRights> rights() {
    return Optional.ofNullable(rights);
  }

  /// Why the looking ended early; empty where it did not.
  public Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  private void run() {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    try {
      while (!closed && System.nanoTime() < deadline) {
        if (told == null) {
          discover();
        }
        observe();
        LockSupport.parkNanos((members.isEmpty() ? SEARCHING : WATCHING).toNanos());
      }
    } catch (IOException e) {
      failure = e;
    } finally {
      try {
        letGo();
      } finally {
        ended.complete(null);
      }
    }
  }

  private void discover() throws IOException {
    long last = newestPid();
    if (last != newest) {
      // Numbers are given out upwards and begin again at the top (proc(5), pid_max).
      if (last > newest && last - newest <= MOST_NEW) {
        for (long pid = newest + 1; pid <= last; pid++) {
          add(pid);
        }
      } else {
        addAll();
      }
      newest = last;
    }
    for (Iterator<LiveProcess> all = strangers.values().iterator(); all.hasNext(); ) {
      LiveProcess process = all.next();
      // runc moves its process into the group after it has been made, so a stranger is asked again.
      String cgroups = process.read("cgroup");
      if (cgroups == null) {
        process.close();
        all.remove();
      } else if (cgroups.contains(containerId)) {
        members.add(process);
        all.remove();
      }
    }
  }

  private void add(long pid) throws IOException {
    if (strangers.size() < MOST_CANDIDATES && !strangers.containsKey(pid)) {
      Optional<LiveProcess> process = LiveProcess.open(pid);
      if (process.isPresent()) {
        strangers.put(pid, process.get());
      }
    }
  }

  private void addAll() throws IOException {
    try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        long pid = Long.parseLong(entry.getFileName().toString());
        if (members.stream().noneMatch(it -> it.pid() == pid)) {
          add(pid);
        }
      }
    }
  }

  private void observe() throws IOException {
    for (Iterator<LiveProcess> all = members.iterator(); all.hasNext(); ) {
      LiveProcess process = all.next();
      String status = process.read("status");
      if (status == null) {
        process.close();
        all.remove();
        continue;
      }
      SeccompState state = SeccompState.parse(status);
      if (state != null && counts(process, status, state)) {
        seen = state;
        if (!LiveProcess.isRuntime(status)) {
          rights = process.rights(status).orElse(rights);
        }
      }
    }
  }

  /// Whether a reading is one of the container's own program: it is the first process, and either
  /// it executes that program, or the filter is there already. seccomp(2): filters can be added,
  /// and neither removed nor left by execve(2).
  private boolean counts(LiveProcess process, String status, SeccompState state) {
    return (told != null || first(process, status))
        && (state.mode() == SeccompState.Mode.FILTER || !LiveProcess.isRuntime(status));
  }

  // proc(5), NSpid: the number in each pid namespace, the innermost last. In a namespace of its own
  // a container's first process is 1. Without one, threads and what it starts are told apart less
  // well: these have its filter too, and perhaps more.
  private static boolean first(LiveProcess process, String status) {
    String leader = SeccompState.field(status, "Tgid");
    String numbers = SeccompState.field(status, "NSpid");
    if (leader == null || !leader.equals(Long.toString(process.pid()))) {
      return false;
    }
    int tab = numbers == null ? -1 : numbers.lastIndexOf('\t');
    return tab < 0 || numbers == null || numbers.substring(tab + 1).equals("1");
  }

  // proc(5), /proc/loadavg: the fifth field is the number given out last.
  private static long newestPid() throws IOException {
    String loads = Files.readString(Path.of("/proc/loadavg")).strip();
    return Long.parseLong(loads.substring(loads.lastIndexOf(' ') + 1));
  }

  private void letGo() {
    List<LiveProcess> held = new ArrayList<>(strangers.values());
    held.addAll(members);
    for (LiveProcess process : held) {
      process.close();
    }
  }

  /// Ends the looking.
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    var _ = ended.join();
  }
}
