package dev.portcullis.run.containerd;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps one instance from removing the {@link MountPoints} that another is about to stand on. Held
/// while one starts, and while one looks whether they can go. It ends with its process.
final class StartLock implements AutoCloseable {
  private static final Path FILE = Path.of("/run/portcullis.lock");

  /// The lock of a file is the process's; this one is for its threads.
  private static final ReentrantLock THREADS = new ReentrantLock();

  private final FileChannel channel;

  private StartLock(FileChannel channel) {
    this.channel = channel;
  }

  /// Waits for it.
  @SuppressWarnings("LockNotBeforeTry") // released by close()
  static StartLock take() throws IOException {
    THREADS.lock();
    FileChannel channel = null;
    try {
      channel = FileChannel.open(FILE, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      // Released when the channel is closed.
      channel.lock();
      return new StartLock(channel);
    } catch (IOException | RuntimeException e) {
      THREADS.unlock();
      if (channel != null) {
        channel.close();
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      THREADS.unlock();
    }
  }
}
