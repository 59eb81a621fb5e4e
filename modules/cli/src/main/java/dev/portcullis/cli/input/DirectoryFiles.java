package dev.portcullis.cli.input;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The files below a directory, in order of their paths. What is hidden there is left out, and so
/// is what is reached a second time: a mounted ConfigMap has its files behind links, in hidden
/// directories. A recording is neither a profile nor a manifest, and lies beside profiles.
final class DirectoryFiles {
  private static final int DEEPEST = 32;
  private static final int MOST_FILES = 10_000;

  private DirectoryFiles() {}

  static List<Path> below(Path root) throws IOException {
    List<Path> found;
    try (Stream<Path> below = Files.walk(root, DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
      found =
          below
              .filter(path -> isVisible(root, path) && Files.isRegularFile(path))
              .filter(path -> !path.toString().endsWith(RecordingFiles.SUFFIX))
              .limit(MOST_FILES + 1)
              .sorted()
              .toList();
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
    if (found.size() > MOST_FILES) {
      throw new IOException(root + ": more than " + MOST_FILES + " files");
    }
    List<Path> files = new ArrayList<>();
    Set<Path> real = new HashSet<>();
    for (Path path : found) {
      if (real.add(path.toRealPath())) {
        files.add(path);
      }
    }
    return files;
  }

  private static boolean isVisible(Path root, Path path) {
    for (Path step : root.relativize(path)) {
      if (step.toString().startsWith(".")) {
        return false;
      }
    }
    return true;
  }
}
