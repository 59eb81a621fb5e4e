package dev.portcullis.kernel.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The processes of a container, by the control group that a runtime puts them into.
public final class ContainerProcesses {
  private ContainerProcesses() {}

  /// Kills those of a container whose runtime does not: one of it may hang before the container's
  /// program begins, where the runtime stops nothing.
  ///
  /// @param containerId as the runtime made it up: no control group of another container has it
  /// @return how many there were
  public static int kill(String containerId) throws IOException {
    return kill(containerId, Path.of("/proc"));
  }

  static int kill(String containerId, Path proc) throws IOException {
    if (!containerId.matches("[0-9a-f]{32,}")) {
      return 0;
    }
    int killed = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path entry : entries) {
        // Known by its start before it is looked at: a number that is given out again is not
        // killed.
        Optional<ProcessHandle> handle =
            ProcessHandle.of(Long.parseLong(entry.getFileName().toString()));
        if (handle.isPresent() && belongs(entry, containerId) && handle.get().destroyForcibly()) {
          killed++;
        }
      }
    }
    return killed;
  }

  private static boolean belongs(Path entry, String containerId) {
    try {
      return Files.readString(entry.resolve("cgroup")).contains(containerId);
    } catch (IOException ended) {
      return false;
    }
  }
}
