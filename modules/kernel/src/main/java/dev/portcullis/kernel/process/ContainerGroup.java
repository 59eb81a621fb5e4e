package dev.portcullis.kernel.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The control group of a container (cgroups(7)), of version 1 or 2: a directory that has the
/// container's id in its name. The container may make further ones below, and call them what it
/// likes.
public final class ContainerGroup {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  /// A container may make ever new ones.
  static final int MOST = 1000;

  private ContainerGroup() {}

  /// The paths of a thread's control groups, one of each hierarchy, each once.
  ///
  /// @throws IOException where it has ended
  public static List<String> paths(long thread) throws IOException {
    return lines(thread).stream().map(line -> line.split(":", 3)[2]).distinct().toList();
  }

  private static List<String> lines(long thread) throws IOException {
    // Its names may be no UTF-8.
    return new String(Files.readAllBytes(Path.of("/proc/" + thread + "/cgroup")), UTF_8)
        .lines()
        .filter(line -> line.split(":", 3).length == 3)
        .toList();
  }

  /// All processes of a container.
  ///
  /// @param pid one of them
  /// @return none where its group cannot be read, or does not have this id
  public static Set<Long> processes(long pid, String id) {
    List<String> lines;
    try {
      lines = lines(pid);
    } catch (IOException ended) {
      return Set.of();
    }
    for (String line : lines) {
      String[] fields = line.split(":", 3);
      int at = fields[2].indexOf(id);
      if (at >= 0) {
        int end = fields[2].indexOf('/', at + id.length());
        String own = end < 0 ? fields[2] : fields[2].substring(0, end);
        for (Path root : roots(fields[1])) {
          Set<Long> members = members(Path.of(root + own));
          // A process in another namespace of control groups sees other paths.
          if (members.contains(pid)) {
            return members;
          }
        }
      }
    }
    return Set.of();
  }

  /// All threads of a container; where its group cannot be read, those of one of its processes and
  /// of what that has started.
  ///
  /// @param pid that process
  public static List<Long> threads(long pid, String id) throws IOException {
    Set<Long> processes = new LinkedHashSet<>(processes(pid, id));
    if (processes.isEmpty()) {
      processes.add(pid);
      processes.addAll(ProcessTree.descendants(pid));
    }
    return ProcessTree.threads(processes);
  }

  /// Where they are mounted. Version 2 has no names of controllers, and stands beside version 1 in
  /// a directory of its own.
  private static List<Path> roots(String controllers) {
    return controllers.isEmpty()
        ? List.of(ROOT, ROOT.resolve("unified"))
        : List.of(ROOT.resolve(controllers.replace("name=", "")));
  }

  private static Set<Long> members(Path group) {
    Set<Long> members = new LinkedHashSet<>();
    Deque<Path> left = new ArrayDeque<>(List.of(group));
    for (int i = 0; i < MOST && !left.isEmpty(); i++) {
      Path next = left.remove();
      try {
        Files.readAllLines(next.resolve("cgroup.procs")).stream()
            .map(Long::valueOf)
            .forEach(members::add);
      } catch (IOException goneOrThreaded) {
        // The processes of a threaded group are in the list of the one above it.
      }
      try (DirectoryStream<Path> below = Files.newDirectoryStream(next, Files::isDirectory)) {
        below.forEach(left::add);
      } catch (IOException | DirectoryIteratorException gone) {
        // So are its processes.
      }
    }
    return members;
  }
}
