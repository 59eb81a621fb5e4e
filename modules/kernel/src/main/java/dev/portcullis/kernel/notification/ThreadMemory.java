package dev.portcullis.kernel.notification;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The memory of a thread that stands still (proc(5), `mem`).
final class ThreadMemory {
  /// What stands for a word that cannot be read.
  static final long UNREADABLE = -1;

  private ThreadMemory() {}

  /// The 64 bits at an address.
  static long word(int thread, long address) {
    ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    if (address < 0) {
      return UNREADABLE;
    }
    try (FileChannel memory =
        FileChannel.open(Path.of("/proc/" + thread + "/mem"), StandardOpenOption.READ)) {
      while (word.hasRemaining()) {
        if (memory.read(word, address + word.position()) < 0) {
          return UNREADABLE;
        }
      }
      return word.getLong(0);
    } catch (IOException gone) {
      return UNREADABLE;
    }
  }
}
