package dev.portcullis.kernel.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Whether there is still somebody who reads what this process writes.
public final class OutputPipe {
  /// Standard output: unistd.h, `STDOUT_FILENO`.
  public static final int STANDARD_OUTPUT = 1;

  // poll(2): of the write end of a pipe that no reader has open.
  private static final int POLLERR = 8;

  private static final MethodHandle POLL =
      Libc.function("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

  private OutputPipe() {}

  /// Whether no process will ever read what is written to it: a write fails with EPIPE, for which
  /// the JDK has no type. False where the kernel does not report it.
  public static boolean hasNoReader(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      // struct pollfd { int fd; short events; short revents; }
      MemorySegment poll = arena.allocate(8, Integer.BYTES);
      poll.set(JAVA_INT, 0, descriptor);
      int answer = (int) POLL.invokeExact(Libc.state(arena), poll, 1L, 0);
      return answer == 1 && (poll.get(JAVA_SHORT, 6) & POLLERR) != 0;
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }
}
