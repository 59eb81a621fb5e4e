package dev.portcullis.cli.input;

import dev.portcullis.documents.Position;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/// Files that are read whole, within a limit.
final class InputFiles {
  private InputFiles() {}

  /// Reads each.
  ///
  /// @param in what `-` stands for
  /// @param most how many bytes each may have
  /// @param kind what they are, for the message of one that is larger: `denials are`
  /// @param reader takes the name and the content of each that could be read, and returns what is
  ///   wrong
  /// @return what is wrong, in the order of the files
  static List<Diagnostic> each(
      List<String> files,
      InputStream in,
      int most,
      String kind,
      BiFunction<String, byte[], Optional<Diagnostic>> reader) {
    StandardInput input = new StandardInput(in);
    List<Diagnostic> complaints = new ArrayList<>();
    for (String file : files) {
      ProfileFiles.Content content =
          file.equals(Diagnostic.STANDARD_INPUT)
              ? standard(input, most, kind)
              : read(file, most, kind, _ -> "");
      byte[] bytes = content.bytes();
      Diagnostic unreadable = content.complaint();
      if (bytes != null) {
        reader.apply(file, bytes).ifPresent(complaints::add);
      } else if (unreadable != null) {
        complaints.add(unreadable);
      }
    }
    return complaints;
  }

  static ProfileFiles.Content standard(StandardInput input, int most, String kind) {
    String name = Diagnostic.STANDARD_INPUT;
    try {
      return bounded(name, input.read(most + 1), most, kind);
    } catch (IOException e) {
      return failed(name, FileFailure.why(e));
    }
  }

  /// Reads a file that is not standard input.
  ///
  /// @param hint what was probably meant by the name of no file
  static ProfileFiles.Content read(String file, int most, String kind, UnaryOperator<String> hint) {
    Path path;
    try {
      path = Path.of(file);
    } catch (InvalidPathException e) {
      return failed(file, "is not a valid path: " + e.getReason());
    }
    if (Files.isDirectory(path)) {
      return failed(file, FileFailure.DIRECTORY);
    }
    // A FIFO is a way to hand over a file, as in `profile show <(...)`.
    try (InputStream in = Files.newInputStream(path)) {
      return bounded(file, in.readNBytes(most + 1), most, kind);
    } catch (NoSuchFileException missing) {
      String meant = hint.apply(file);
      return failed(
          file, meant.isEmpty() ? FileFailure.why(missing) : FileFailure.NO_SUCH_FILE + meant);
    } catch (IOException e) {
      return failed(file, FileFailure.why(e));
    }
  }

  private static ProfileFiles.Content bounded(String file, byte[] bytes, int most, String kind) {
    return bytes.length > most
        ? ProfileFiles.Content.failed(
            Diagnostic.malformed(file, Position.NONE, "larger than " + most + " bytes; no " + kind))
        : ProfileFiles.Content.of(bytes);
  }

  private static ProfileFiles.Content failed(String file, String why) {
    return ProfileFiles.Content.failed(Diagnostic.unreadable(file, why));
  }
}
