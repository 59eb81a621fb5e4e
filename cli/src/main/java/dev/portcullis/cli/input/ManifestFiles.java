package dev.portcullis.cli.input;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.object.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
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

/// Reads the Kubernetes objects of files and directories.
public final class ManifestFiles {
  private static final int DEEPEST = 32;
  private static final int MOST_FILES = 100_000;

  /// Files in a note.
  private static final int MOST_NAMED = 3;

  private final InputStream in;
  private final boolean meant;
  private final List<SourcedObject> objects = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Diagnostic> complaints = new ArrayList<>();
  private int foreign;
  private boolean readInput;

  /// Nothing is judged twice, however often it is named.
  private final Set<Path> seen = new HashSet<>();

  /// What gets the content of each file, which then is not looked into.
  private final List<Taker> takers = new ArrayList<>();

  private ManifestFiles(InputStream in, boolean meant) {
    this.meant = meant;
    this.in = in;
  }

  /// An object and where it stands.
  public record SourcedObject(ManifestSource source, KubernetesObject object) {

    /// The file as it was given; `-` for standard input.
    public String file() {
      return source.file();
    }

    /// A place in its file, for messages.
    public String place(Position at) {
      return source.place(at);
    }

    /// What is wrong with it.
    public Diagnostic complaint(FieldError error) {
      return new Diagnostic(
          place(error.at()) + ": " + object.label() + ": " + error.field() + ": " + error.message(),
          ExitCode.REFUSED);
    }
  }

  /// What was read.
  ///
  /// @param foreign how many documents of directories are no Kubernetes objects at all
  /// @param notes about files of directories that were not read though they may hold objects
  /// @param complaints about files and documents that could not be read; the others were
  public record Read(
      List<SourcedObject> objects, int foreign, List<String> notes, List<Diagnostic> complaints) {
    public Read {
      objects = List.copyOf(objects);
      notes = List.copyOf(notes);
      complaints = List.copyOf(complaints);
    }
  }

  /// Reads files; in directories, and in those below, every .yaml, .yml and .json, in the order of
  /// their names. Hidden ones are left out.
  ///
  /// @param in what the operand `-` stands for
  public static Read read(List<String> operands, InputStream in) {
    return read(operands, in, true);
  }

  /// The same.
  ///
  /// @param meant whether a file that is named must have an object: nobody names others
  public static Read read(List<String> operands, InputStream in, boolean meant) {
    ManifestFiles files = new ManifestFiles(in, meant);
    for (String operand : operands) {
      files.operand(operand);
    }
    return new Read(files.objects, files.foreign, files.notes, files.complaints);
  }

  /// Hands over the content of each of these files, without looking into it.
  ///
  /// @return about files that could not be read
  public static List<Diagnostic> contents(List<String> operands, InputStream in, Taker taker) {
    ManifestFiles files = new ManifestFiles(in, true);
    files.takers.add(taker);
    for (String operand : operands) {
      files.operand(operand);
    }
    return List.copyOf(files.complaints);
  }

  /// Takes the content of a file.
  @FunctionalInterface
  public interface Taker {
    /// Takes one.
    ///
    /// @param content longer than a manifest may be by one byte where the file is longer
    void take(String file, byte[] content);
  }

  private void operand(String operand) {
    if (operand.equals(Diagnostic.STANDARD_INPUT)) {
      standardInput();
      return;
    }
    Path path;
    try {
      path = Path.of(operand);
    } catch (InvalidPathException e) {
      complaints.add(
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

  private void standardInput() {
    if (readInput) {
      return;
    }
    readInput = true;
    try {
      parse(Diagnostic.STANDARD_INPUT, in.readNBytes(Limits.MANIFEST.bytes() + 1), true);
    } catch (IOException e) {
      complaints.add(Diagnostic.unreadable("standard input", String.valueOf(e.getMessage())));
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
      complaints.add(
          Diagnostic.unreadable(
              cause instanceof FileSystemException inner && inner.getFile() != null
                  ? inner.getFile()
                  : directory.toString(),
              cause == null ? e.toString() : FileFailure.why(cause)));
    } catch (IOException e) {
      complaints.add(Diagnostic.unreadable(directory.toString(), FileFailure.why(e)));
    }
    if (files.size() > MOST_FILES) {
      complaints.add(
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
      // What is not read is not judged, so it is not passed over in silence.
      if (Files.isDirectory(file)) {
        complaints.add(
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
    complaints.add(
        new Diagnostic(
            chart
                + ": a Helm chart, which has manifests only once it is rendered: "
                + UnrenderedTemplate.render(chart.toString()),
            ExitCode.REFUSED));
  }

  /// Says of files that they were not read, whose names let think they might have been.
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
      if (Files.isRegularFile(file) && !seen.add(identity(file))) {
        return;
      }
      // A FIFO or a device is a way to hand over manifests; /dev/zero is bounded like a file.
      try (InputStream content = Files.newInputStream(file)) {
        parse(file.toString(), content.readNBytes(Limits.MANIFEST.bytes() + 1), named);
      }
    } catch (IOException e) {
      complaints.add(Diagnostic.unreadable(file.toString(), FileFailure.why(e)));
    }
  }

  /// What a file is known by that was read. One that is handed over keeps its name: whoever writes
  /// it looks after links.
  private Path identity(Path file) throws IOException {
    return takers.isEmpty() ? file.toRealPath() : file.toAbsolutePath().normalize();
  }

  /// @param named whether the user named this very file, and so means it to hold objects
  private void parse(String file, byte[] content, boolean named) {
    if (!takers.isEmpty()) {
      takers.forEach(taker -> taker.take(file, content));
      return;
    }
    switch (Documents.read(content, Limits.MANIFEST)) {
      case ParseResult.Malformed(var at, String message) -> {
        Diagnostic template = UnrenderedTemplate.found(file, content, at);
        complaints.add(template == null ? Diagnostic.malformed(file, at, message) : template);
      }
      case ParseResult.Documents(List<Value> values) -> {
        if (values.isEmpty() && named && meant) {
          complaints.add(
              Diagnostic.malformed(
                  file, Position.NONE, "empty; there is no Kubernetes object in it"));
        }
        HelmComments comments = HelmComments.of(content);
        for (Value value : values) {
          List<ObjectReader.Found> all = ObjectReader.read(value);
          ManifestSource source =
              new ManifestSource(file, comments.before(value.at()), all.size() > 1);
          for (ObjectReader.Found found : all) {
            take(source, found, named);
          }
        }
      }
    }
  }

  private void take(ManifestSource source, ObjectReader.Found found, boolean named) {
    switch (found) {
      case KubernetesObject object -> objects.add(new SourcedObject(source, object));
      case ObjectReader.Foreign(var at) -> {
        if (named && meant) {
          complaints.add(
              source.malformed(at, "no Kubernetes object: it has neither apiVersion nor kind"));
        } else {
          foreign++;
        }
      }
      case ObjectReader.Broken(var error) ->
          complaints.add(source.malformed(error.at(), error.field() + ": " + error.message()));
    }
  }
}
