package dev.portcullis.node.denial;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/// What an agent knows of refused calls, as a file for root: a document of `denials -o json`. Its
/// time tells when the agent was last alive.
public final class DenialFile {
  /// Between two signs of life.
  public static final Duration BETWEEN_SIGNS = Duration.ofSeconds(5);

  private final Path path;
  private String written = "";
  private boolean closed;

  public DenialFile(Path path) {
    this.path = path;
  }

  /// Writes it, or only that it is still so. After {@link #close} nothing is written.
  synchronized void write(Mapping document) throws IOException {
    if (closed) {
      return;
    }
    String text = JsonWriter.pretty(document) + "\n";
    if (text.equals(written) && Files.exists(path)) {
      Files.setLastModifiedTime(path, FileTime.from(Instant.now()));
      return;
    }
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (OutputStream out =
        Channels.newOutputStream(
            Files.newByteChannel(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------"))))) {
      out.write(text.getBytes(UTF_8));
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    written = text;
  }

  /// There is no agent any more that writes it.
  synchronized void remove() throws IOException {
    Files.deleteIfExists(path);
  }

  /// Nor does one write it again, though a thread may still be about to.
  synchronized void close() throws IOException {
    closed = true;
    remove();
  }
}
