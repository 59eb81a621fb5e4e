package dev.portcullis.cli.input;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.seccomp.json.ProfileReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Profiles in files.
public final class ProfileFiles {
  private static final int MOST_FILES = 10_000;
  private static final int DEEPEST = 32;

  private ProfileFiles() {}

  /// The content of a file, or why there is none; one of the two is null.
  public static final class Content {
    private final byte @Nullable [] bytes;
    private final @Nullable Diagnostic complaint;

    private Content(byte @Nullable [] bytes, @Nullable Diagnostic complaint) {
      this.bytes = bytes;
      this.complaint = complaint;
    }

    public byte @Nullable [] bytes() {
      return bytes;
    }

    public @Nullable Diagnostic complaint() {
      return complaint;
    }
  }

  /// Reads one file, at most as much as a profile may have.
  public static Content read(String file) {
    Path path;
    try {
      path = Path.of(file);
    } catch (InvalidPathException e) {
      return failed(file, "is not a valid path: " + e.getReason());
    }
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      return failed(file, "is not a regular file");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(ProfileReader.LIMITS.bytes() + 1);
      if (bytes.length > ProfileReader.LIMITS.bytes()) {
        return new Content(
            null,
            new Diagnostic(
                file + ": larger than " + ProfileReader.LIMITS.bytes() + " bytes; no profile is",
                ExitCode.REFUSED));
      }
      return new Content(bytes, null);
    } catch (NoSuchFileException missing) {
      return failed(file, "no such file or directory" + hint(file));
    } catch (AccessDeniedException denied) {
      return failed(file, "may not be read by this user");
    } catch (IOException e) {
      return failed(file, "cannot be read: " + e.getMessage());
    }
  }

  /// What was probably meant by a name of no file; empty where nothing is known.
  private static String hint(String file) {
    if (file.equals("-")) {
      return "; profile verbs do not read standard input";
    }
    if (file.equals("docker/default")) {
      return "; did you mean runtime/default?";
    }
    return file.matches("[0-9]{1,10}") ? "; for a process write pid:" + file : "";
  }

  private static Content failed(String file, String why) {
    return new Content(null, Diagnostic.unreadable(file, why));
  }

  /// The files that operands mean: a file is itself, a directory every file below it.
  public static List<String> of(List<String> operands) throws IOException {
    List<String> files = new ArrayList<>();
    for (String operand : operands) {
      Path path = Path.of(operand);
      if (!Files.isDirectory(path)) {
        files.add(operand);
        continue;
      }
      try (Stream<Path> below = Files.walk(path, DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
        below
            .filter(Files::isRegularFile)
            .limit(MOST_FILES + 1)
            .map(Path::toString)
            .sorted()
            .forEach(files::add);
      }
      if (files.size() > MOST_FILES) {
        throw new IOException(operand + ": more than " + MOST_FILES + " files");
      }
    }
    return files;
  }
}
