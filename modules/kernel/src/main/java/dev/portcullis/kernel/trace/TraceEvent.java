package dev.portcullis.kernel.trace;

import static dev.portcullis.kernel.libc.ErrorNumbers.EINTR;

/// What a followed thread did.
public sealed interface TraceEvent {
  /// When, by `System.nanoTime`: both are CLOCK_MONOTONIC.
  long nanos();

  /// Of a system call.
  sealed interface Call extends TraceEvent {}

  /// It began a system call, which seccomp let pass: the kernel asks ptrace, then seccomp, then
  /// traces (syscall_trace_enter).
  ///
  /// @param first its first argument; the others follow, as a filter sees them
  record CallEntry(
      long nanos,
      int thread,
      long number,
      long first,
      long second,
      long third,
      long fourth,
      long fifth,
      long sixth)
      implements Call {
    /// With one argument.
    public CallEntry(long nanos, int thread, long number, long first) {
      this(nanos, thread, number, first, 0, 0, 0, 0, 0);
    }
  }

  /// It comes back of a system call, be it made or refused.
  record CallExit(long nanos, int thread, long number, long result) implements Call {
    // include/linux/err.h
    private static final int MAX_ERRNO = 4095;

    // include/linux/errno.h
    private static final int ERESTARTSYS = 512;
    private static final int ERESTART_RESTARTBLOCK = 516;

    /// Whether it ends the program, or the program is sent SIGSYS: the registers are as they were,
    /// and that of the number is that of the result.
    public boolean isOfASignal() {
      return result == number;
    }

    /// Whether the result is an errno.
    public boolean hasFailed() {
      return result < 0 && result >= -MAX_ERRNO;
    }

    /// Whether a signal ended it, before what the program gets of that is decided.
    public boolean isInterrupted() {
      return result == -EINTR || (result <= -ERESTARTSYS && result >= -ERESTART_RESTARTBLOCK);
    }
  }

  /// The same as a {@link Call}, once more: it is one of the kernel's own architecture, and its
  /// number is one of that. Only where the trace was asked for these events ({@link
  /// TraceInstance#createNative}).
  ///
  /// @param name what the kernel calls it, mostly as everybody does
  record NativeCall(Call call, String name) implements TraceEvent {
    @Override
    public long nanos() {
      return call.nanos();
    }
  }

  /// It made another thread or process.
  record ThreadBirth(long nanos, int thread, int child) implements TraceEvent {}

  /// It executes another program.
  ///
  /// @param file its path, as it was called
  record ProgramStart(long nanos, int thread, String file) implements TraceEvent {}

  /// The kernel had no room for some events of one processor.
  ///
  /// @param nanos before the first of them
  /// @param until when the next event of that processor was
  /// @param count at least
  record EventLoss(long nanos, long until, long count) implements TraceEvent {}
}
