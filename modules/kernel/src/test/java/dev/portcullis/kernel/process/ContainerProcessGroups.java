package dev.portcullis.kernel.process;

import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Processes, and control groups that a runtime would have made for its containers. All of them are
/// gone at the end.
public final class ContainerProcessGroups {
  /// Of version 2 or 1 (cgroups(7)).
  private static final Path ROOT =
      Files.exists(Path.of("/sys/fs/cgroup/cgroup.procs"))
          ? Path.of("/sys/fs/cgroup")
          : Path.of("/sys/fs/cgroup/pids");

  private final Path directory;
  private final List<Process> processes = new ArrayList<>();
  private final List<Path> groups = new ArrayList<>();

  /// @param directory where the processes run; its name is in those of the groups
  public ContainerProcessGroups(Path directory) {
    this.directory = directory;
  }

  /// The id of a container.
  public String id(String name) {
    return name + directory.getFileName();
  }

  /// The control group of a container.
  public Path group(String name) throws IOException {
    return made(ROOT.resolve(id(name)));
  }

  /// Makes a group, if it is not there.
  public Path made(Path group) throws IOException {
    if (!groups.contains(group)) {
      groups.add(Files.createDirectory(group));
    }
    return group;
  }

  /// Starts a program in no group of a container.
  public Process run(List<Program> filters, String... command) throws Exception {
    Process process =
        FilteredThread.call(
            filters,
            () ->
                new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start());
    processes.add(process);
    return process;
  }

  /// Ends the processes, and removes the groups.
  public void close() throws Exception {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    for (Path group : groups.reversed()) {
      Wait.until("nobody is in " + group, () -> isRemoved(group));
    }
  }

  private static boolean isRemoved(Path group) throws IOException {
    for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }
    return group.toFile().delete();
  }
}
