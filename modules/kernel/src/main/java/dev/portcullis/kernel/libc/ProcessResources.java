package dev.portcullis.kernel.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// What this process may take of the machine, and what it has taken.
public final class ProcessResources {
  private static final MethodHandle SETRLIMIT =
      Libc.function("setrlimit", JAVA_INT, JAVA_INT, ADDRESS);
  // clock_t clock(void)
  private static final MethodHandle CLOCK = Libc.function("clock", JAVA_LONG);
  private static final MethodHandle NICE = Libc.function("nice", JAVA_INT, JAVA_INT);

  private ProcessResources() {}

  /// Sets a limit (setrlimit(2)).
  ///
  /// @param resource `RLIMIT_*` of asm-generic/resource.h
  /// @param soft from which on the kernel refuses, or sends a signal
  /// @param hard up to which this process may raise the other; -1 for none
  public static void limit(int resource, long soft, long hard) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.state(arena);
      // struct rlimit { rlim_t rlim_cur; rlim_t rlim_max; }
      MemorySegment both = arena.allocateFrom(JAVA_LONG, soft, hard);
      int answer;
      try {
        answer = (int) SETRLIMIT.invokeExact(state, resource, both);
      } catch (Throwable thrown) {
        throw Libc.unexpected(thrown);
      }
      if (answer != 0) {
        throw new SystemCallException("setrlimit", Libc.errno(state));
      }
    }
  }

  /// The processor time that it has used, in seconds begun: by clock(3), in units of which POSIX
  /// defines a million as one second.
  public static long secondsUsed() {
    try (Arena arena = Arena.ofConfined()) {
      return (long) CLOCK.invokeExact(Libc.state(arena)) / 1_000_000 + 1;
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  /// Makes it less urgent (nice(2)).
  public static void yieldTo(int nicer) {
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) NICE.invokeExact(Libc.state(arena), nicer);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }
}
