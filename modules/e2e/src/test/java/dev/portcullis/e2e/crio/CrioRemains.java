package dev.portcullis.e2e.crio;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.run.containerd.Commands;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// What a CRI-O leaves on the machine, found by its directory alone.
final class CrioRemains {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final Duration DYING = Duration.ofSeconds(10);

  private final CrioDirectory directory;
  private final Commands commands;

  CrioRemains(CrioDirectory directory, Commands commands) {
    this.directory = directory;
    this.commands = commands;
  }

  /// Ends its processes and removes its traces.
  void remove() throws IOException {
    endProcesses();
    CrioNetwork.remove(directory.name(), commands);
    removeControlGroups();
    String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
    if (mounts.contains(" " + directory.path() + "/")) {
      throw new IOException("something is mounted below " + directory.path());
    }
    Commands.Outcome removed =
        commands.run(List.of("rm", "-rf", "--one-file-system", directory.path().toString()), DYING);
    if (!removed.ok()) {
      throw new IOException("rm " + directory.path() + ": " + removed.output().strip());
    }
  }

  private void endProcesses() throws IOException {
    long deadline = System.nanoTime() + DYING.toNanos();
    List<ProcessHandle> left = processes();
    while (!left.isEmpty()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "these processes did not exit: " + left.stream().map(ProcessHandle::pid).toList());
      }
      left.forEach(ProcessHandle::destroyForcibly);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      left = processes();
    }
  }

  /// CRI-O and conmon, which have an argument below the directory and another mount namespace than
  /// this process's; and the containers, which are children of conmon.
  private List<ProcessHandle> processes() throws IOException {
    List<ProcessHandle> found = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : entries) {
        if (belongs(process)) {
          ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
              .filter(ProcessHandle::isAlive)
              .ifPresent(it -> {
                // The children first: without their conmon nobody knows whose they are.
                it.descendants().forEach(found::add);
                found.add(it);
              });
        }
      }
    }
    return found;
  }

  private boolean belongs(Path process) {
    try {
      // A person's shell or editor has this process's mount namespace.
      if (Files.readSymbolicLink(process.resolve("ns/mnt"))
          .equals(Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")))) {
        return false;
      }
      for (String argument :
          new String(Files.readAllBytes(process.resolve("cmdline")), UTF_8).split("\0", -1)) {
        if (argument.startsWith(directory.path() + "/")) {
          return true;
        }
      }
      return false;
    } catch (IOException gone) {
      return false;
    }
  }

  /// Those of its own name, in every hierarchy.
  private void removeControlGroups() throws IOException {
    long deadline = System.nanoTime() + DYING.toNanos();
    while (!triedToRemoveControlGroups()) {
      if (System.nanoTime() > deadline) {
        throw new IOException("a control group " + directory.name() + " is still in use");
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private boolean triedToRemoveControlGroups() throws IOException {
    boolean all = true;
    for (Path top : tops()) {
      List<Path> groups;
      try (var below = Files.walk(top)) {
        groups = below.filter(Files::isDirectory).toList();
      }
      for (Path group : groups.reversed()) {
        try {
          Files.deleteIfExists(group);
        } catch (DirectoryNotEmptyException filesOfTheKernel) {
          all = false;
        } catch (FileSystemException inUse) {
          all = false;
        }
      }
    }
    return all;
  }

  private List<Path> tops() throws IOException {
    List<Path> tops = new ArrayList<>();
    try (var hierarchies = Files.newDirectoryStream(CGROUPS, Files::isDirectory)) {
      hierarchies.forEach(it -> tops.add(it.resolve(directory.name())));
    }
    tops.add(CGROUPS.resolve(directory.name()));
    tops.removeIf(it -> !Files.isDirectory(it));
    return tops;
  }
}
