package dev.portcullis.run.containerd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// Directories of the machine over which an instance mounts its own, in its own namespace. A mount
/// needs a directory to stand on, so one that is missing is made, and removed when it is empty and
/// no instance stands on it.
final class MountPoints {
  static final List<Path> DIRECTORIES =
      List.of(Path.of("/run/containerd"), Path.of("/var/lib/cni"));

  private MountPoints() {}

  static void create() throws IOException {
    for (Path directory : DIRECTORIES) {
      Files.createDirectories(directory);
    }
  }

  /// Since Linux 3.18 removing a directory also removes the mounts on it in other namespaces
  /// (commit 8ed936b5671b), hence the look at everybody's.
  static void remove() throws IOException {
    for (Path directory : DIRECTORIES) {
      if (!stoodOn(directory)) {
        removeIfEmpty(directory);
      }
    }
  }

  private static void removeIfEmpty(Path directory) throws IOException {
    try (var entries = Files.newDirectoryStream(directory)) {
      if (entries.iterator().hasNext()) {
        // Somebody else's; theirs to remove.
        return;
      }
    } catch (NoSuchFileException gone) {
      return;
    }
    Files.deleteIfExists(directory);
  }

  private static boolean stoodOn(Path directory) throws IOException {
    try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : entries) {
        if (mountsOf(process).contains(" " + directory + " ")) {
          return true;
        }
      }
    }
    return false;
  }

  private static String mountsOf(Path process) {
    try {
      return Files.readString(process.resolve("mountinfo"));
    } catch (IOException gone) {
      return "";
    }
  }
}
