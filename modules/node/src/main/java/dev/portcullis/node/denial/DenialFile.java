package dev.portcullis.node.denial;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.container.file.PrivateFile;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/// What an agent knows of refused calls, as a file for root: a document of `denials -o json`. Its
/// time shows when the agent was last alive.
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
    PrivateFile.write(path, text.getBytes(UTF_8), PrivateFile.WRITABLE);
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
