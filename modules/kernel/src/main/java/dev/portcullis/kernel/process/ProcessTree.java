package dev.portcullis.kernel.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// A process and what it has started, by /proc.
public final class ProcessTree {
  private ProcessTree() {}

  /// What a process has started that is there, and what that has.
  public static List<Long> descendants(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(ProcessHandle::descendants)
        .map(ProcessHandle::pid)
        .toList();
  }

  /// Whether a thread has not ended, or its parent has still to ask how it did.
  public static boolean isThere(long thread) {
    return Files.exists(Path.of("/proc/" + thread));
  }

  /// Whether it is gone, or only its parent has still to ask how it ended (proc(5), state Z).
  public static boolean hasEnded(long thread) {
    try {
      String stat =
          new String(Files.readAllBytes(Path.of("/proc/" + thread + "/stat")), ISO_8859_1);
      return "ZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
    } catch (IOException gone) {
      return true;
    }
  }

  /// The threads of a process; none where it has ended.
  public static List<Long> threads(long pid) throws IOException {
    try (DirectoryStream<Path> tasks =
        Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
      List<Long> found = new ArrayList<>();
      tasks.forEach(task -> found.add(Long.valueOf(task.getFileName().toString())));
      return found;
    } catch (NoSuchFileException | NotDirectoryException | DirectoryIteratorException ended) {
      return List.of();
    }
  }

  /// The threads of several.
  public static List<Long> threads(Collection<Long> processes) throws IOException {
    List<Long> all = new ArrayList<>();
    for (long process : processes) {
      all.addAll(threads(process));
    }
    return all;
  }
}
