package dev.portcullis.cli.input;

import dev.portcullis.cli.options.NearestOption;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Why a file that was named cannot be read, in the words that every verb has for it.
public final class FileFailure {
  static final String NO_SUCH_FILE = "no such file or directory";

  static final String DIRECTORY = "is a directory; name a file in it";

  private static final int MOST_NEIGHBOURS = 1000;

  private FileFailure() {}

  /// What stands behind the path in a message.
  public static String why(IOException failed) {
    return switch (failed) {
      case NoSuchFileException missing -> missing(String.valueOf(missing.getFile()));
      case AccessDeniedException _ -> "permission denied";
      case FileSystemLoopException _ -> "a symbolic link that leads back to a directory above it";
      case NotDirectoryException _ -> "not a directory";
      case FileSystemException other when other.getFile() != null -> of(other, other.getFile());
      default -> failed.getMessage() == null ? failed.toString() : failed.getMessage();
    };
  }

  /// What the file system shows of it: the words of a system's error are in its language.
  private static String of(FileSystemException failed, String file) {
    String reason = failed.getReason() == null ? failed.toString() : failed.getReason();
    try {
      Path path = Path.of(file);
      if (Files.isSymbolicLink(path)) {
        return "a symbolic link that leads back to itself";
      }
      for (Path above = path.getParent(); above != null; above = above.getParent()) {
        if (Files.isRegularFile(above)) {
          return "no directory: " + above + " is a file";
        }
      }
      return reason;
    } catch (InvalidPathException unknown) {
      return reason;
    }
  }

  /// The one message for a path that does not exist.
  static String missing(String file) {
    try {
      Path path = Path.of(file);
      if (Files.isSymbolicLink(path)) {
        return "a symbolic link to " + Files.readSymbolicLink(path) + ", which does not exist";
      }
      return NO_SUCH_FILE + neighbour(path);
    } catch (IOException | InvalidPathException unknown) {
      return NO_SUCH_FILE;
    }
  }

  /// The file beside it that was probably meant, or nothing.
  private static String neighbour(Path path) throws IOException {
    Path name = path.getFileName();
    Path directory = path.toAbsolutePath().getParent();
    if (name == null || directory == null || !Files.isDirectory(directory)) {
      return "";
    }
    // By what stands before the ending: of two short names the endings would be most that is alike.
    Map<String, String> byStem = new TreeMap<>();
    try (Stream<Path> neighbours = Files.list(directory)) {
      neighbours
          .limit(MOST_NEIGHBOURS)
          .map(each -> String.valueOf(each.getFileName()))
          .filter(each -> !each.startsWith("."))
          .sorted()
          .forEach(each -> byStem.putIfAbsent(stem(each), each));
    }
    String stem = NearestOption.of(stem(name.toString()), byStem.keySet());
    return stem == null
        ? ""
        : "; did you mean " + path.resolveSibling(String.valueOf(byStem.get(stem))) + "?";
  }

  private static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
