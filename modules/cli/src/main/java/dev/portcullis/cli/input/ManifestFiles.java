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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/// Reads the Kubernetes objects of files and directories.
public final class ManifestFiles {
  /// Of fewer files, threads would cost what they save.
  private static final int FEW_FILES = 8;

  private final InputStream in;
  private final boolean meant;

  private ManifestFiles(InputStream in, boolean meant) {
    this.in = in;
    this.meant = meant;
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
  /// @param foreign how many documents of directories are not Kubernetes objects at all
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
  /// @param meant whether a file that is named must have an object: one without is named by mistake
  public static Read read(List<String> operands, InputStream in, boolean meant) {
    ManifestWalk.Result walk = ManifestWalk.of(operands, Path::toRealPath);
    ManifestFiles files = new ManifestFiles(in, meant);
    List<SourcedObject> objects = new ArrayList<>();
    List<Diagnostic> complaints = new ArrayList<>();
    int foreign = 0;
    for (OneFile read : files.read(walk.found())) {
      objects.addAll(read.objects);
      complaints.addAll(read.complaints);
      foreign += read.foreign;
    }
    return new Read(objects, foreign, walk.notes(), complaints);
  }

  /// Reads as many files at the same time as there are processors; the results keep their order.
  private List<OneFile> read(List<ManifestWalk.Found> found) {
    Stream<OneFile> read =
        found.size() <= FEW_FILES
            ? found.stream().map(this::read)
            : found.stream()
                .gather(
                    Gatherers.mapConcurrent(
                        Runtime.getRuntime().availableProcessors(), this::read));
    return read.toList();
  }

  private OneFile read(ManifestWalk.Found found) {
    OneFile file = new OneFile();
    content(found, (name, content) -> file.parse(name, content, isMeant(found)))
        .ifPresent(file.complaints::add);
    return file;
  }

  private boolean isMeant(ManifestWalk.Found found) {
    return meant && !(found instanceof ManifestWalk.Found.File(_, boolean named) && !named);
  }

  /// Hands over the content of each of these files, without looking into it.
  ///
  /// @return about files that could not be read
  public static List<Diagnostic> contents(List<String> operands, InputStream in, Taker taker) {
    // What writes a file looks after links, so each keeps its name.
    ManifestWalk.Result walk = ManifestWalk.of(operands, file -> file.toAbsolutePath().normalize());
    ManifestFiles files = new ManifestFiles(in, true);
    return walk.found().stream().flatMap(each -> files.content(each, taker).stream()).toList();
  }

  /// Takes the content of a file.
  @FunctionalInterface
  public interface Taker {
    /// Takes one.
    ///
    /// @param content longer than a manifest may be by one byte where the file is longer
    void take(String file, byte[] content);
  }

  /// Hands over one.
  ///
  /// @return what is wrong where it cannot be read
  private Optional<Diagnostic> content(ManifestWalk.Found found, Taker taker) {
    return switch (found) {
      case ManifestWalk.Found.Unreadable(Diagnostic complaint) -> Optional.of(complaint);
      case ManifestWalk.Found.StandardInput() -> {
        try {
          taker.take(Diagnostic.STANDARD_INPUT, in.readNBytes(Limits.MANIFEST.bytes() + 1));
          yield Optional.empty();
        } catch (IOException e) {
          yield Optional.of(
              Diagnostic.unreadable("standard input", String.valueOf(e.getMessage())));
        }
      }
      // /dev/zero is bounded like a file.
      case ManifestWalk.Found.File(Path path, _) -> {
        try (InputStream content = Files.newInputStream(path)) {
          taker.take(path.toString(), content.readNBytes(Limits.MANIFEST.bytes() + 1));
          yield Optional.empty();
        } catch (IOException e) {
          yield Optional.of(Diagnostic.unreadable(path.toString(), FileFailure.why(e)));
        }
      }
    };
  }

  /// What was read of a file.
  private static final class OneFile {
    private final List<SourcedObject> objects = new ArrayList<>();
    private final List<Diagnostic> complaints = new ArrayList<>();
    private int foreign;

    /// @param meant whether it must have an object
    void parse(String file, byte[] content, boolean meant) {
      switch (Documents.read(content, Limits.MANIFEST)) {
        case ParseResult.Malformed(var at, String message) -> {
          Diagnostic template = UnrenderedTemplate.found(file, content, at);
          complaints.add(template == null ? Diagnostic.malformed(file, at, message) : template);
        }
        case ParseResult.Documents(List<Value> values) -> {
          if (values.isEmpty() && meant) {
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
              take(source, found, meant);
            }
          }
        }
      }
    }

    private void take(ManifestSource source, ObjectReader.Found found, boolean meant) {
      switch (found) {
        case KubernetesObject object -> objects.add(new SourcedObject(source, object));
        case ObjectReader.Foreign(var at) -> {
          if (meant) {
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
}
