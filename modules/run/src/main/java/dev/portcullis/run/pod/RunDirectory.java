package dev.portcullis.run.pod;

import dev.portcullis.run.directory.DirectoryTree;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The files of one run: logs, volumes and snapshots of profiles, and a part in memory.
public final class RunDirectory {
  /// tmpfs on every Linux with a C library: glibc's POSIX shared memory lives there.
  private static final Path MEMORY = Path.of("/dev/shm");

  /// Others must not look in, but containers that do not run as root must get through to their
  /// volumes.
  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"));

  private static final Pattern NAME = Pattern.compile("run-([0-9]{1,18})-([0-9]{1,18})");

  private static final long GONE = -1;

  private final Path disk;
  private final Path memory;
  private boolean memoryMade;

  private RunDirectory(Path disk) {
    this.disk = disk;
    this.memory = MEMORY.resolve("portcullis-" + disk.getFileName());
  }

  /// Makes it, and removes those of processes that were killed before they could.
  ///
  /// @param parent made where it does not exist
  public static RunDirectory create(Path parent) throws IOException {
    Files.createDirectories(parent);
    try (Stream<Path> entries = Files.list(parent)) {
      for (Path entry : entries.filter(RunDirectory::isStale).toList()) {
        new RunDirectory(entry).remove();
      }
    }
    ProcessHandle self = ProcessHandle.current();
    Path disk = parent.resolve("run-" + self.pid() + "-" + started(self));
    Files.createDirectory(disk, PRIVATE);
    return new RunDirectory(disk);
  }

  private static boolean isStale(Path entry) {
    Matcher name = NAME.matcher(entry.getFileName().toString());
    if (!name.matches() || Files.exists(entry.resolve("kept"))) {
      return false;
    }
    return ProcessHandle.of(Long.parseLong(name.group(1)))
        .filter(process -> started(process) == Long.parseLong(name.group(2)))
        .isEmpty();
  }

  /// In clock ticks since the machine started (proc_pid_stat(5), field 22). The Java platform's
  /// start time moves when the clock is set, and a live run would look like a dead one.
  private static long started(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      // The name of the program stands in parentheses, and may have blanks and parentheses.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[22 - 3]);
    } catch (IOException ended) {
      return GONE;
    }
  }

  public Path path() {
    return disk;
  }

  /// What the run is known by.
  public String id() {
    return disk.getFileName().toString().substring("run-".length());
  }

  /// Whether it is to stay.
  public boolean isKept() {
    return Files.exists(disk.resolve("kept"));
  }

  /// Keeps it from being removed by a later run.
  public void keep() throws IOException {
    Files.writeString(disk.resolve("kept"), "");
  }

  /// Where the profiles lie that the runtime is to read.
  public Path profiles() {
    return disk.resolve("profiles");
  }

  /// Where the containers of a pod write their logs.
  Path logs(PodPlan.Identity pod) {
    return disk.resolve("logs").resolve(pod.uid());
  }

  /// Where a volume of a pod lies.
  Path volume(PodPlan.Identity pod, String name, boolean inMemory) throws IOException {
    if (inMemory && !Files.isDirectory(MEMORY)) {
      throw new IOException(
          "volume \"" + name + "\": there is no " + MEMORY + " for a volume in memory");
    }
    return (inMemory ? memory() : disk.resolve("volumes")).resolve(pod.uid()).resolve(name);
  }

  /// Every user may write there: what has the name already may be another user's, or lead
  /// elsewhere.
  private synchronized Path memory() throws IOException {
    if (!memoryMade) {
      try {
        Files.createDirectory(memory, PRIVATE);
      } catch (FileAlreadyExistsException e) {
        throw new IOException(memory + " already exists and is not ours; remove it", e);
      }
      memoryMade = true;
    }
    return memory;
  }

  /// Removes it.
  ///
  /// @return what could not be removed, with the reason
  public List<String> remove() {
    List<String> left = new ArrayList<>();
    for (Path root : List.of(disk, memory)) {
      try {
        DirectoryTree.remove(root);
      } catch (IOException e) {
        left.add(root + ": " + e);
      }
    }
    return left;
  }
}
