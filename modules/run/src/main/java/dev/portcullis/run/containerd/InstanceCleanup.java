package dev.portcullis.run.containerd;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.run.directory.DirectoryTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// What an instance leaves on the machine, found by its directory and its name alone, so that the
/// next run can clean up after one that was killed.
final class InstanceCleanup {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final Duration DYING = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofSeconds(10);

  private final InstanceDirectory directory;
  private final Commands commands;

  InstanceCleanup(InstanceDirectory directory, Commands commands) {
    this.directory = directory;
    this.commands = commands;
  }

  /// Ends its processes and removes its traces; does what it can, and reports what it could not.
  void remove() throws IOException {
    IOException failure = null;
    failure = attempt(this::endProcesses, failure);
    failure = attempt(() -> PodNetwork.delete(directory.name(), commands), failure);
    failure = attempt(this::removeHostPorts, failure);
    failure = attempt(this::removeControlGroups, failure);
    failure = attempt(this::unmount, failure);
    failure = attempt(this::delete, failure);
    if (failure != null) {
      throw failure;
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private static @Nullable IOException attempt(Step step, @Nullable IOException earlier) {
    try {
      step.run();
      return earlier;
    } catch (IOException e) {
      if (earlier == null) {
        return e;
      }
      earlier.addSuppressed(e);
      return earlier;
    }
  }

  private void endProcesses() throws IOException {
    long deadline = System.nanoTime() + DYING.toNanos();
    List<ProcessHandle> left = processes();
    while (!left.isEmpty()) {
      left.forEach(ProcessHandle::destroyForcibly);
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "these processes did not exit: " + left.stream().map(ProcessHandle::pid).toList());
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      left = processes();
    }
  }

  /// containerd, its shims and what these run: processes with an argument below the directory and a
  /// mount namespace that is not this one's. A person's shell or editor has this one's. And the
  /// containers: processes in the control group.
  private List<ProcessHandle> processes() throws IOException {
    Set<Long> pids = new LinkedHashSet<>();
    Path here = Files.readSymbolicLink(Path.of("/proc/self/ns/mnt"));
    String below = directory.path() + "/";
    try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : entries) {
        if (hasArgument(process, below) && !here.equals(mountNamespace(process))) {
          pids.add(Long.valueOf(process.getFileName().toString()));
        }
      }
    }
    for (Path group : controlGroups()) {
      pids.addAll(members(group));
    }
    List<ProcessHandle> processes = new ArrayList<>();
    for (long pid : pids) {
      Optional<ProcessHandle> process = ProcessHandle.of(pid);
      // A zombie that somebody else has to collect is no process that can end.
      if (process.isPresent() && process.get().isAlive() && !zombie(pid)) {
        processes.add(process.get());
      }
    }
    return processes;
  }

  private static List<Long> members(Path group) throws IOException {
    try {
      return Files.readString(group.resolve("cgroup.procs"))
          .lines()
          // 0 is a process of another pid namespace.
          .filter(line -> !line.equals("0"))
          .map(Long::valueOf)
          .toList();
    } catch (NoSuchFileException gone) {
      return List.of();
    }
  }

  private static boolean zombie(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/status")).contains("\nState:\tZ");
    } catch (IOException gone) {
      return true;
    }
  }

  private static boolean hasArgument(Path process, String prefix) {
    try {
      for (String argument :
          new String(Files.readAllBytes(process.resolve("cmdline")), UTF_8).split("\0", -1)) {
        // Also as the value of an option, as in `--config=...`.
        if (argument.startsWith(prefix) || argument.contains("=" + prefix)) {
          return true;
        }
      }
      return false;
    } catch (IOException gone) {
      return false;
    }
  }

  private static @Nullable Path mountNamespace(Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("ns/mnt"));
    } catch (IOException gone) {
      return null;
    }
  }

  /// Its control groups in every hierarchy, the deepest first.
  private List<Path> controlGroups() throws IOException {
    List<Path> groups = new ArrayList<>();
    List<Path> hierarchies = new ArrayList<>(List.of(CGROUPS));
    try (var entries = Files.newDirectoryStream(CGROUPS)) {
      entries.forEach(hierarchies::add);
    }
    for (Path hierarchy : hierarchies) {
      Path top = hierarchy.resolve(directory.name());
      if (Files.isDirectory(top)) {
        try (var below = Files.walk(top)) {
          below.filter(Files::isDirectory).forEach(groups::add);
        } catch (UncheckedIOException vanished) {
          // A group went while it was walked; the next round sees what is left.
          groups.add(top);
        }
      }
    }
    groups.sort(Comparator.comparingInt(Path::getNameCount).reversed());
    return groups;
  }

  private void removeHostPorts() throws IOException {
    if (Files.exists(directory.hostPorts())) {
      boolean chains = Files.readString(directory.hostPorts()).equals("remove");
      new HostPorts(commands).remove(directory.name(), chains);
    }
  }

  private void removeControlGroups() throws IOException {
    long deadline = System.nanoTime() + DYING.toNanos();
    while (true) {
      Path busy = null;
      for (Path group : controlGroups()) {
        try {
          Files.deleteIfExists(group);
        } catch (IOException stillInUse) {
          busy = group;
        }
      }
      if (busy == null) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException("the control group " + busy + " is still in use");
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  /// Mounts of the instance are in its own namespace and went with it. Those below its directory
  /// here are somebody else's, so nothing is deleted through them.
  private void unmount() throws IOException {
    for (String mounted : mounts()) {
      commands.run(List.of("umount", mounted), SHORT);
    }
    List<String> left = mounts();
    if (!left.isEmpty()) {
      throw new IOException("still mounted: " + left + "; unmount by hand");
    }
  }

  private List<String> mounts() throws IOException {
    // proc(5), /proc/PID/mountinfo: the fifth field is the mount point.
    return Files.readString(Path.of("/proc/self/mountinfo"))
        .lines()
        .map(line -> line.split(" ", 6)[4])
        .filter(at -> at.startsWith(directory.path() + "/"))
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  private void delete() throws IOException {
    if (!mounts().isEmpty()) {
      throw new IOException(directory.path() + " was not deleted: there is a mount below it");
    }
    DirectoryTree.remove(directory.path());
  }
}
