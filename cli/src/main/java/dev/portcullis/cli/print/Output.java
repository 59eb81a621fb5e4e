package dev.portcullis.cli.print;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Standard output that remembers why it failed. A PrintStream only says that it did.
public final class Output extends OutputStream {
  private final OutputStream target;
  private final byte[] buffer = new byte[8192];
  private int used;
  private @Nullable IOException failure;

  public Output(OutputStream target) {
    this.target = target;
  }

  /// The first failure; null where everything was written.
  public synchronized @Nullable IOException failure() {
    return failure;
  }

  /// Whether the reader went away, as `head` does: no reason to complain.
  public static boolean isBrokenPipe(IOException failure) {
    // write(2): EPIPE. The JDK has no type for it, only the text of strerror(3).
    return "Broken pipe".equals(failure.getMessage());
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > buffer.length - used) {
      drain();
    }
    if (length > buffer.length) {
      send(bytes, offset, length);
    } else {
      System.arraycopy(bytes, offset, buffer, used, length);
      used += length;
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    drain();
    target.flush();
  }

  private void drain() throws IOException {
    int length = used;
    used = 0;
    send(buffer, 0, length);
  }

  private void send(byte[] bytes, int offset, int length) throws IOException {
    if (failure != null || length == 0) {
      return;
    }
    try {
      target.write(bytes, offset, length);
    } catch (IOException failed) {
      failure = failed;
      throw failed;
    }
  }
}
