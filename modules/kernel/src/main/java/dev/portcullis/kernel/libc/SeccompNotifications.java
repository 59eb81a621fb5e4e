package dev.portcullis.kernel.libc;

import static dev.portcullis.kernel.libc.ErrorNumbers.EINTR;
import static dev.portcullis.kernel.libc.ErrorNumbers.ENOENT;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The listener of a filter: the calls of its processes that wait for an answer
/// (seccomp_unotify(2)). It is for the thread that made it alone.
///
/// Memory is taken once: the callers stand still meanwhile.
public final class SeccompNotifications implements AutoCloseable {
  /// What came of waiting for a call.
  public enum Receipt {
    /// One is here.
    CALL,
    /// The caller of one got a signal, or died, before it was received.
    GONE,
    /// None, though there may be more: this thread got a signal.
    NONE,
    /// No process has the filter any more.
    ENDED
  }

  // linux/seccomp.h, with the directions of asm-generic/ioctl.h, which x86 and ARM have.
  private static final long RECEIVE = 0xc0502100L;
  private static final long SEND = 0xc0182101L;
  private static final long IS_VALID = 0x40082102L;
  private static final int CONTINUE = 1;

  // struct seccomp_notif: id, pid, flags, then struct seccomp_data
  private static final long NOTIFICATION_BYTES = 80;
  private static final long THREAD = 8;
  private static final long NUMBER = 16;
  private static final long ARCHITECTURE = 20;
  private static final long ARGUMENTS = 32;

  // struct seccomp_notif_resp: id, val, error, flags
  private static final long ANSWER_BYTES = 24;
  private static final long ERROR = 16;
  private static final long FLAGS = 20;

  private static final short POLLIN = 1;
  private static final short POLLHUP = 16;
  private static final int FOR_EVER = -1;

  private static final MethodHandle IOCTL =
      Libc.variadic(2, "ioctl", JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
  private static final MethodHandle POLL =
      Libc.function("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment state = Libc.state(arena);
  private final MemorySegment asked = arena.allocate(NOTIFICATION_BYTES, Long.BYTES);
  private final MemorySegment answer = arena.allocate(ANSWER_BYTES, Long.BYTES);
  private final MemorySegment poll = arena.allocate(Long.BYTES, Integer.BYTES);
  private final int descriptor;
  private final boolean pollFirst;

  /// @param descriptor that is closed with this
  /// @param pollFirst whether to poll(2) before each call: before Linux 6.11 a thread that waits in
  ///   the ioctl is not woken by the end of the last process
  public SeccompNotifications(int descriptor, boolean pollFirst) {
    this.descriptor = descriptor;
    this.pollFirst = pollFirst;
  }

  /// Waits for the next call.
  public Receipt receive() throws SystemCallException {
    if (pollFirst && (polled(FOR_EVER) & POLLIN) == 0) {
      return (polled(0) & POLLHUP) == 0 ? Receipt.NONE : Receipt.ENDED;
    }
    asked.fill((byte) 0);
    if (ioctl(RECEIVE, asked) == 0) {
      return Receipt.CALL;
    }
    int errno = Libc.errno(state);
    if (errno == EINTR) {
      return Receipt.NONE;
    }
    if (errno != ENOENT) {
      throw new SystemCallException("ioctl SECCOMP_IOCTL_NOTIF_RECV", errno);
    }
    return (polled(0) & POLLHUP) == 0 ? Receipt.GONE : Receipt.ENDED;
  }

  /// Lets the call that was received go on to the kernel.
  ///
  /// @return false where its caller died or got a signal meanwhile: nothing is lost, the kernel
  ///   asks again
  public boolean letGoOn() throws SystemCallException {
    answer.fill((byte) 0);
    answer.set(JAVA_LONG, 0, asked.get(JAVA_LONG, 0));
    answer.set(JAVA_INT, FLAGS, CONTINUE);
    return send();
  }

  /// Lets it fail.
  ///
  /// @param errno as errno(3) numbers it
  /// @return as {@link #letGoOn} does
  public boolean refuse(int errno) throws SystemCallException {
    answer.fill((byte) 0);
    answer.set(JAVA_LONG, 0, asked.get(JAVA_LONG, 0));
    answer.set(JAVA_INT, ERROR, -errno);
    return send();
  }

  private boolean send() throws SystemCallException {
    if (ioctl(SEND, answer) == 0) {
      return true;
    }
    int errno = Libc.errno(state);
    if (errno == ENOENT) {
      return false;
    }
    throw new SystemCallException("ioctl SECCOMP_IOCTL_NOTIF_SEND", errno);
  }

  /// Whether the caller still waits. What was read of its memory is its own only if it does: its
  /// thread's number may be another's by now.
  public boolean isWaiting() {
    return ioctl(IS_VALID, asked) == 0;
  }

  /// The thread that made it, in this process' namespace of pids; 0 where it is in none that this
  /// one sees.
  public int thread() {
    return asked.get(JAVA_INT, THREAD);
  }

  /// Its number, as a filter sees it.
  public int number() {
    return asked.get(JAVA_INT, NUMBER);
  }

  /// `AUDIT_ARCH_*`.
  public int architecture() {
    return asked.get(JAVA_INT, ARCHITECTURE);
  }

  /// Its six arguments.
  public void arguments(long[] six) {
    for (int i = 0; i < six.length; i++) {
      six[i] = asked.get(JAVA_LONG, ARGUMENTS + (long) i * Long.BYTES);
    }
  }

  private int ioctl(long request, MemorySegment memory) {
    try {
      return (int) IOCTL.invokeExact(state, descriptor, request, memory);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  private short polled(int patience) {
    poll.set(JAVA_INT, 0, descriptor);
    poll.set(JAVA_SHORT, 4, POLLIN);
    poll.set(JAVA_SHORT, 6, (short) 0);
    try {
      int _ = (int) POLL.invokeExact(state, poll, 1L, patience);
      return poll.get(JAVA_SHORT, 6);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  /// From now on calls of its processes that ask fail with ENOSYS.
  @Override
  public void close() {
    arena.close();
    PathDescriptor.close(descriptor);
  }
}
