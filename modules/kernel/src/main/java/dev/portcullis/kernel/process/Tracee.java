package dev.portcullis.kernel.process;

import static dev.portcullis.kernel.libc.ErrorNumbers.ENOENT;
import static dev.portcullis.kernel.libc.ErrorNumbers.ESRCH;

import dev.portcullis.kernel.libc.Ptrace;
import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Program;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// A thread of another process that this thread traces (ptrace(2), `PTRACE_SEIZE`). Every call must
/// come from the thread that seized it. The other gets no signal, and does not end when the tracer
/// does.
///
/// Whatever becomes of the tracing thread, and of its process, the kernel lets the other go on
/// (`exit_ptrace`).
final class Tracee implements AutoCloseable {
  // linux/ptrace.h
  private static final int PEEKUSER = 3;
  private static final int POKEUSER = 6;
  private static final int SYSCALL = 24;
  private static final int SETOPTIONS = 0x4200;
  private static final int SEIZE = 0x4206;
  private static final int INTERRUPT = 0x4207;
  private static final int GET_FILTER = 0x420c;
  private static final int GET_SYSCALL_INFO = 0x420e;
  private static final int DETACH = 17;
  private static final int EVENT_STOP = 128;

  /// `sizeof(struct ptrace_syscall_info)`.
  private static final int SYSCALL_INFO_BYTES = 88;

  private static final long OPTION_TRACESYSGOOD = 1;
  private static final long OPTION_SUSPEND_SECCOMP = 1 << 21;

  // signal(7), ptrace(2)
  private static final int SIGTRAP = 5;
  private static final int SIGTRAP_OF_CALL = SIGTRAP | 0x80;

  // linux/wait.h
  private static final int WNOHANG = 1;
  private static final int WALL = 0x40000000;

  /// `MAX_INSNS_PER_PATH` of kernel/seccomp.c: of all filters of a task together.
  private static final int MOST_INSTRUCTIONS = 32_768;

  /// First without a pause, as a thread that runs stops within microseconds.
  private static final int SPINS = 5_000;

  private static final long PAUSE_NANOS = Duration.ofMillis(1).toNanos();

  /// Room for all that a task can have, and one more.
  private static final long FILTERS_BYTES =
      (long) (MOST_INSTRUCTIONS + Program.LONGEST) * Instruction.BYTES;

  private final Ptrace ptrace;
  private final List<Long> lengths = new ArrayList<>();
  private long used;
  private final int tid;
  private boolean seized;
  private boolean reported;
  private int signal;
  private boolean atCall;
  private boolean inGroupStop;

  private Tracee(int tid) {
    this.tid = tid;
    ptrace = new Ptrace(tid, FILTERS_BYTES + SYSCALL_INFO_BYTES);
  }

  /// It has ended: before it was traced, or meanwhile.
  static final class GoneException extends Exception {
    private static final long serialVersionUID = 1;

    GoneException(int tid) {
      super("thread " + tid + " has ended", null, false, false);
    }
  }

  /// An answer of ptrace(2) that is not for this class to explain.
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final int errno;

    RefusedException(int errno) {
      super("errno " + errno, null, false, false);
      this.errno = errno;
    }

    int errno() {
      return errno;
    }
  }

  /// Begins to trace a thread, which goes on running.
  static Tracee seize(int tid) throws GoneException, RefusedException {
    Tracee tracee = new Tracee(tid);
    if (tracee.ptrace.request(SEIZE, 0, 0) < 0) {
      int errno = tracee.ptrace.errno();
      tracee.close();
      if (errno == ESRCH) {
        throw new GoneException(tid);
      }
      throw new RefusedException(errno);
    }
    tracee.seized = true;
    tracee.rehearse();
    return tracee;
  }

  /// Makes the calls that are needed while it stands still once before it does: the first call
  /// through a handle takes milliseconds. Of one that runs, the kernel reports no event, and does
  /// not give its filters.
  private void rehearse() {
    if (waitpid() == tid) {
      // It stood still already, by SIGSTOP: there is no second report of that.
      reported = true;
    }
    try {
      collect();
    } catch (GoneException | RefusedException expected) {
      // Stopping it shows whether it is there.
      return;
    }
  }

  /// Stops it.
  void stop(Deadline deadline) throws GoneException, IOException {
    if (reported) {
      stopped(ptrace.status());
      return;
    }
    if (ptrace.request(INTERRUPT, 0, 0) < 0) {
      throw new GoneException(tid);
    }
    for (int i = 0; !hasStopped(); i++) {
      if (deadline.isOver()) {
        throw doesNotStop();
      }
      pause(i);
    }
  }

  private IOException doesNotStop() {
    return new IOException(
        "thread "
            + tid
            + " does not stop: it waits in the kernel, or its control group is frozen (a paused"
            + " container); let it continue, and try again");
  }

  /// Waits a little, and longer from the 5,000th time on.
  static void pause(int times) {
    if (times < SPINS) {
      Thread.onSpinWait();
    } else {
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /// Whether it has stopped since it was let run; does not wait for it.
  boolean hasStopped() throws GoneException {
    int answer = waitpid();
    if (answer < 0) {
      throw new GoneException(tid);
    }
    if (answer == tid) {
      stopped(ptrace.status());
    }
    return answer == tid;
  }

  private void stopped(int how) throws GoneException {
    // wait(2), WIFSTOPPED
    if ((how & 0xff) != 0x7f) {
      seized = false;
      throw new GoneException(tid);
    }
    int reason = how >> 8 & 0xff;
    boolean event = how >> 16 == EVENT_STOP;
    atCall = reason == SIGTRAP_OF_CALL;
    inGroupStop = event && reason != SIGTRAP;
    // A signal that was on its way to it goes on when it does.
    signal = event || atCall ? 0 : reason;
  }

  /// Whether it stands at the beginning or the end of a system call, which happens after {@link
  /// #runToCall} only.
  boolean standsAtCall() {
    return atCall;
  }

  /// Whether it stands still by a signal such as SIGSTOP, and not for the tracer alone.
  boolean standsBySignal() {
    return inGroupStop;
  }

  /// One that stands still: a word of the kernel's `struct user`, where its registers are.
  long word(long offset) {
    return ptrace.request(PEEKUSER, offset, 0);
  }

  /// Writes such a word; whether the kernel took it.
  boolean setWord(long offset, long value) {
    return ptrace.request(POKEUSER, offset, value) == 0;
  }

  /// What one is doing that stands still.
  ///
  /// @param operation `PTRACE_SYSCALL_INFO_*`
  /// @param architecture `AUDIT_ARCH_*`, of the system call that it is in
  record CallState(byte operation, int architecture) {
    private static final byte ENTRY = 1;

    static CallState begins(int architecture) {
      return new CallState(ENTRY, architecture);
    }
  }

  /// Empty before Linux 5.3, which does not report it.
  Optional<CallState> call() {
    if (ptrace.requestInto(FILTERS_BYTES, GET_SYSCALL_INFO, SYSCALL_INFO_BYTES) < 0) {
      return Optional.empty();
    }
    ByteBuffer info =
        ByteBuffer.wrap(ptrace.bytes(FILTERS_BYTES, SYSCALL_INFO_BYTES))
            .order(ByteOrder.nativeOrder());
    return Optional.of(new CallState(info.get(0), info.getInt(4)));
  }

  /// Takes its filters from one that stands still until it is let go, the tracer ends, or {@link
  /// #giveFilters}; whether the kernel does so.
  boolean takeFilters() {
    return ptrace.request(SETOPTIONS, 0, OPTION_TRACESYSGOOD | OPTION_SUSPEND_SECCOMP) == 0;
  }

  void giveFilters() {
    // It fails where the thread has been killed, and needs no filters any more.
    long _ = ptrace.request(SETOPTIONS, 0, 0);
  }

  /// Lets one that stands still run until it begins or ends a system call, or a signal comes.
  void runToCall() throws GoneException {
    if (ptrace.request(SYSCALL, 0, signal) < 0) {
      throw new GoneException(tid);
    }
  }

  /// Takes down the filters of one that was stopped. {@link #filters} has them, also afterwards.
  void collect() throws GoneException, RefusedException {
    used = 0;
    lengths.clear();
    // The kernel reports the end of the list by an error.
    while (true) {
      long length = ptrace.requestInto(used, GET_FILTER, lengths.size());
      if (length >= 0) {
        lengths.add(length * Instruction.BYTES);
        used += length * Instruction.BYTES;
        continue;
      }
      int errno = ptrace.errno();
      if (errno == ENOENT) {
        return;
      }
      if (errno == ESRCH) {
        throw new GoneException(tid);
      }
      throw new RefusedException(errno);
    }
  }

  /// The instructions of each filter that was collected, the oldest first: the kernel counts so.
  List<byte[]> filters() {
    List<byte[]> oldestFirst = new ArrayList<>();
    long offset = 0;
    for (long length : lengths) {
      oldestFirst.add(ptrace.bytes(offset, length));
      offset += length;
    }
    return oldestFirst;
  }

  /// Lets it go on.
  void letGo() {
    if (seized) {
      seized = false;
      // It fails where the thread has been killed, and cannot be let go any more, or where it has
      // not stopped: then it is let go when this thread ends.
      long _ = ptrace.request(DETACH, 0, signal);
    }
  }

  @Override
  public void close() {
    letGo();
    ptrace.close();
  }

  private int waitpid() {
    return ptrace.waitpid(WALL | WNOHANG);
  }
}
