package dev.portcullis.cli.print;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Standard output that remembers why it failed. A PrintStream only says that it did.
public final class Output extends OutputStream {
  private final OutputStream target;
  private final BooleanSupplier noReader;
  private final byte[] buffer = new byte[8192];
  private int used;
  private @Nullable IOException failure;
  private boolean gone;

  /// For one that has no reader who could go away.
  public Output(OutputStream target) {
    this(target, () -> false);
  }

  /// @param noReader asked after a failure: whether there is no reader any more
  public Output(OutputStream target, BooleanSupplier noReader) {
    this.target = target;
    this.noReader = noReader;
  }

  /// The first failure; null where everything was written.
  public synchronized @Nullable IOException failure() {
    return failure;
  }

  /// Whether it failed as the reader went away, as `head` does: no reason to complain.
  public synchronized boolean readerIsGone() {
    return gone;
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
      gone = noReader.getAsBoolean();
      throw failed;
    }
  }
}
