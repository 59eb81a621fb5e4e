package dev.portcullis.cli.input;

import dev.portcullis.cli.exit.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds the files that operands stand for: of directories, and of those below, every .yaml, .yml
/// and .json, in the order of their names. Hidden ones are left out.
final class ManifestWalk {
  private static final int DEEPEST = 32;
  private static final int MOST_FILES = 100_000;

  /// Files in a note.
  private static final int MOST_NAMED = 3;

  private final Identity identity;
  private final List<Found> found = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /// Nothing is read twice, however often it is named.
  private final Set<Path> seen = new HashSet<>();

  private boolean foundInput;

  private ManifestWalk(Identity identity) {
    this.identity = identity;
  }

  /// What a file is known by that was found.
  @FunctionalInterface
  interface Identity {
    Path of(Path file) throws IOException;
  }

  /// What operands stand for.
  sealed interface Found {
    /// A file, a FIFO or a device: each is a way to hand over manifests.
    ///
    /// @param named whether the user named this very file, and so means it to hold objects
    record File(Path path, boolean named) implements Found {}

    record StandardInput() implements Found {}

    /// What is not read, and so is not judged: that is not passed over in silence.
    record Unreadable(Diagnostic complaint) implements Found {}
  }

  /// @param found in the order of the operands
  /// @param notes about files of directories that were left out though they may hold objects
  record Result(List<Found> found, List<String> notes) {}

  static Result of(List<String> operands, Identity identity) {
    ManifestWalk walk = new ManifestWalk(identity);
    operands.forEach(walk::operand);
    return new Result(walk.found, walk.notes);
  }

  private void unreadable(Diagnostic complaint) {
    found.add(new Found.Unreadable(complaint));
  }

  private void operand(String operand) {
    if (operand.equals(Diagnostic.STANDARD_INPUT)) {
      if (!foundInput) {
        foundInput = true;
        found.add(new Found.StandardInput());
      }
      return;
    }
    Path path;
    try {
      path = Path.of(operand);
    } catch (InvalidPathException e) {
      unreadable(
          Diagnostic.unreadable(
              operand,
              "not a valid path: " + e.getReason() + "; a UTF-8 locale may help (LANG=C.UTF-8)"));
      return;
    }
    if (Files.isDirectory(path)) {
      directory(path);
    } else {
      file(path, true);
    }
  }

  private void directory(Path directory) {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(directory, DEEPEST + 1, FileVisitOption.FOLLOW_LINKS)) {
      walk.filter(path -> mayBeManifest(directory, path) || isTooDeep(directory, path))
          .limit(MOST_FILES + 1L)
          .forEach(files::add);
    } catch (UncheckedIOException e) {
      IOException cause = e.getCause();
      unreadable(
          Diagnostic.unreadable(
              cause instanceof FileSystemException inner && inner.getFile() != null
                  ? inner.getFile()
                  : directory.toString(),
              cause == null ? e.toString() : FileFailure.why(cause)));
    } catch (IOException e) {
      unreadable(Diagnostic.unreadable(directory.toString(), FileFailure.why(e)));
    }
    if (files.size() > MOST_FILES) {
      unreadable(
          Diagnostic.unreadable(
              directory.toString(), "more than " + MOST_FILES + " files; name fewer"));
      return;
    }
    files.sort(null);
    Set<Path> charts = charts(files);
    charts.forEach(this::chart);
    files.removeIf(file -> isBelow(file, charts));
    otherNames(
        files.stream().filter(file -> !isManifest(file) && !Files.isDirectory(file)).toList());
    files.removeIf(file -> !isManifest(file) && !Files.isDirectory(file));
    for (Path file : files) {
      if (Files.isDirectory(file)) {
        unreadable(
            Diagnostic.unreadable(
                file.toString(), "more than " + DEEPEST + " directories deep; name it itself"));
      } else {
        file(file, false);
      }
    }
  }

  /// Whether there may be manifests further down than a walk goes.
  private static boolean isTooDeep(Path root, Path path) {
    return root.relativize(path).getNameCount() > DEEPEST
        && isVisible(root, path)
        && Files.isDirectory(path);
  }

  private static boolean isVisible(Path root, Path path) {
    for (Path step : root.relativize(path)) {
      if (step.toString().startsWith(".")) {
        return false;
      }
    }
    return true;
  }

  /// The directories of Helm charts that are in no other chart.
  private static Set<Path> charts(List<Path> files) {
    Set<Path> charts = new TreeSet<>();
    for (Path file : files) {
      Path directory = file.getParent();
      if (file.endsWith("Chart.yaml")
          && directory != null
          && Files.isDirectory(directory.resolve("templates"))) {
        charts.add(directory);
      }
    }
    Set<Path> all = Set.copyOf(charts);
    charts.removeIf(chart -> isBelow(chart.getParent(), all));
    return charts;
  }

  /// Whether a path is one of some directories, or in one.
  private static boolean isBelow(@Nullable Path path, Set<Path> directories) {
    for (Path above = path; above != null; above = above.getParent()) {
      if (directories.contains(above)) {
        return true;
      }
    }
    return false;
  }

  private void chart(Path chart) {
    unreadable(
        new Diagnostic(
            chart
                + ": a Helm chart, which has manifests only once it is rendered: "
                + UnrenderedTemplate.render(chart.toString()),
            ExitCode.REFUSED));
  }

  /// Notes that files were not read whose names suggest that they might have been.
  private void otherNames(List<Path> files) {
    if (!files.isEmpty()) {
      String first =
          files.stream().limit(MOST_NAMED).map(Path::toString).collect(Collectors.joining(", "));
      notes.add(
          (files.size() == 1 ? "not read: " : files.size() + " files were not read: ")
              + first
              + (files.size() > MOST_NAMED ? ", ..." : "")
              + "; of directories only .yaml, .yml and .json are");
    }
  }

  private static boolean mayBeManifest(Path root, Path path) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    return isVisible(root, path)
        && (name.contains(".yaml") || name.contains(".yml") || name.contains(".json"))
        && Files.isRegularFile(path);
  }

  private static boolean isManifest(Path path) {
    String name = path.toString();
    return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
  }

  private void file(Path file, boolean named) {
    try {
      if (!Files.isRegularFile(file) || seen.add(identity.of(file))) {
        found.add(new Found.File(file, named));
      }
    } catch (IOException e) {
      unreadable(Diagnostic.unreadable(file.toString(), FileFailure.why(e)));
    }
  }
}
