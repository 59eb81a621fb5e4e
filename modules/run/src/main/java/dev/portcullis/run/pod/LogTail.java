package dev.portcullis.run.pod;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Follows the log file of a container in CRI's format: time, stream, `F` for a whole line or `P`
/// for a part of one, and the text.
///
/// Read on demand by the thread that watches the container, so a line is passed on within one turn
/// of its loop, and none is lost at the end.
final class LogTail {
  /// A longer line is passed on in pieces.
  private static final int LONGEST_LINE = 64 * 1024;

  /// At most this much is read in one turn; a container that writes without end must not keep its
  /// watcher from watching.
  private static final int TURN = 1024 * 1024;

  private final Path file;
  private final Consumer<String> lines;
  private final ByteArrayOutputStream entry = new ByteArrayOutputStream();
  private final StringBuilder line = new StringBuilder();
  private long position;

  LogTail(Path file, Consumer<String> lines) {
    this.file = file;
    this.lines = lines;
  }

  /// Passes on what was written since the last time.
  ///
  /// @return whether there may be more at once
  boolean read() throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      channel.position(position);
      ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
      int total = 0;
      while (total < TURN) {
        int length = channel.read(buffer.clear());
        if (length <= 0) {
          return false;
        }
        position += length;
        total += length;
        for (int i = 0; i < length; i++) {
          take(buffer.get(i));
        }
      }
      return true;
    } catch (NoSuchFileException notYet) {
      return false;
    }
  }

  /// Passes on all that is left; a last line without its end too.
  void finish() throws IOException {
    // A container that has ended writes no more, so this ends.
    while (read()) {}
    if (entry.size() > 0) {
      // Its runtime died in the middle of it.
      take((byte) '\n');
    }
    if (!line.isEmpty()) {
      flush();
    }
  }

  private void take(byte b) {
    if (b != '\n') {
      if (entry.size() < LONGEST_LINE) {
        entry.write(b);
      }
      return;
    }
    String text = entry.toString(StandardCharsets.UTF_8);
    entry.reset();
    // "2026-11-24T04:05:06.789012345Z stdout F text"
    int stream = text.indexOf(' ') + 1;
    int tag = text.indexOf(' ', stream) + 1;
    int content = text.indexOf(' ', tag) + 1;
    if (stream == 0 || tag == 0 || content == 0) {
      return;
    }
    line.append(text, content, text.length());
    boolean partial = text.startsWith("P", tag);
    if (!partial || line.length() > LONGEST_LINE) {
      flush();
    }
  }

  private void flush() {
    lines.accept(line.toString());
    line.setLength(0);
  }
}
