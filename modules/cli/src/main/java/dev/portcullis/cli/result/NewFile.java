package dev.portcullis.cli.result;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// Where a made file goes: to standard output, or to a file that is there whole or not at all.
///
/// @param path null for standard output
public record NewFile(@Nullable Path path, boolean overwrite) {
  /// By {@link OutputOptions#FILE} and {@link OutputOptions#OVERWRITE}.
  ///
  /// @throws IOException where it cannot be written: thrown before the work whose result it is
  public static NewFile of(Arguments arguments) throws UsageException, IOException {
    Path path = arguments.path(OutputOptions.FILE);
    boolean overwrite = arguments.has(OutputOptions.OVERWRITE);
    if (path == null && overwrite) {
      throw new UsageException("--overwrite is about --output-file, which is not given");
    }
    NewFile file = new NewFile(path == null ? null : path.toAbsolutePath(), overwrite);
    if (file.path != null) {
      Path parent = file.directory(file.path);
      if (!Files.isWritable(parent)) {
        throw new IOException(file.path + " cannot be written: no file can be made in " + parent);
      }
    }
    return file;
  }

  /// Writes it.
  public void write(String text, Terminal terminal) throws IOException {
    if (path == null) {
      terminal.out().print(text);
    } else {
      write(text.getBytes(UTF_8), path);
    }
  }

  /// Writes what is not text.
  ///
  /// @throws IllegalStateException where it would go to standard output
  public void write(byte[] content) throws IOException {
    if (path == null) {
      throw new IllegalStateException("bytes go to a file");
    }
    write(content, path);
  }

  /// The directory of a file that can be there.
  private Path directory(Path to) throws IOException {
    if (Files.isDirectory(to)) {
      throw new IOException(to + " is a directory; name a file");
    }
    if (!overwrite && Files.exists(to)) {
      throw new IOException(to + ": the file exists; use --overwrite to replace it");
    }
    Path parent = to.getParent();
    if (parent == null) {
      throw new IOException(to + " is a directory; name a file");
    }
    if (!Files.isDirectory(parent)) {
      throw new IOException(to + " cannot be written: there is no directory " + parent);
    }
    return parent;
  }

  private void write(byte[] content, Path to) throws IOException {
    Path parent = directory(to);
    try {
      Path half = Files.createTempFile(parent, ".portcullis", ".new");
      try {
        Files.write(half, content);
        Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rw-r--r--"));
        put(half, to);
      } finally {
        Files.deleteIfExists(half);
      }
    } catch (FileSystemException failed) {
      throw new IOException(to + " cannot be written: " + reason(failed), failed);
    }
  }

  private void put(Path half, Path to) throws IOException {
    if (overwrite) {
      Files.move(half, to, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    try {
      // A link, unlike a rename, never takes the place of a file that has come meanwhile.
      Files.createLink(to, half);
    } catch (FileAlreadyExistsException there) {
      throw new IOException(to + ": the file exists; use --overwrite to replace it", there);
    } catch (FileSystemException | UnsupportedOperationException noLinks) {
      Files.move(half, to, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static String reason(FileSystemException failed) {
    String reason = failed.getReason();
    return reason != null ? reason : failed.getClass().getSimpleName();
  }
}
