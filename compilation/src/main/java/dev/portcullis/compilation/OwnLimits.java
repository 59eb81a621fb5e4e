package dev.portcullis.compilation;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// The limits that the compiling process puts on itself, by setrlimit(2).
@SuppressWarnings("restricted")
final class OwnLimits {
  // asm-generic/resource.h; the same on every architecture that Java runs on but MIPS.
  private static final int RLIMIT_CPU = 0;
  private static final int RLIMIT_DATA = 2;

  /// What libseccomp may take, beyond what the JVM has at its start. The largest filters of default
  /// profiles take less than one megabyte.
  private static final long MORE_DATA = 64L << 20;

  private static final AddressLayout POINTER = ValueLayout.ADDRESS;

  private final int seconds;
  private final MethodHandle setrlimit;
  private final MethodHandle clock;
  private final MethodHandle nice;

  /// @param seconds of processor time that a request may take
  OwnLimits(int seconds) {
    this.seconds = seconds;
    setrlimit = downcall("setrlimit", FunctionDescriptor.of(JAVA_INT, JAVA_INT, POINTER));
    // clock_t clock(void): the processor time of the process; a million is a second, says POSIX
    clock = downcall("clock", FunctionDescriptor.of(JAVA_LONG));
    nice = downcall("nice", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  }

  private static MethodHandle downcall(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }

  /// Limits the memory for good, and lets the kernel take this process first where it has none
  /// left.
  ///
  /// @param nicer how much less urgent this is than the process that asks
  void begin(int nicer) throws IOException {
    try {
      Files.writeString(Path.of("/proc/self/oom_score_adj"), "1000");
    } catch (IOException notHere) {
      // The limit below holds all the same.
    }
    set(RLIMIT_DATA, data() + MORE_DATA);
    if (nicer > 0) {
      try {
        int _ = (int) nice.invokeExact(nicer);
      } catch (Throwable thrown) {
        throw unexpected(thrown);
      }
    }
  }

  /// Begins the processor time of one request. The kernel ends the process that has used it.
  void renew() {
    long used;
    try {
      used = (long) clock.invokeExact();
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
    set(RLIMIT_CPU, used / 1_000_000 + 1 + seconds);
  }

  private void set(int resource, long limit) {
    int answer;
    try (Arena arena = Arena.ofConfined()) {
      // struct rlimit { rlim_t rlim_cur; rlim_t rlim_max; }
      MemorySegment both = arena.allocate(JAVA_LONG, 2);
      both.setAtIndex(JAVA_LONG, 0, limit);
      both.setAtIndex(JAVA_LONG, 1, resource == RLIMIT_CPU ? -1 : limit);
      answer = (int) setrlimit.invokeExact(resource, both);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
    if (answer != 0) {
      throw new IllegalStateException("setrlimit refuses " + limit + " for resource " + resource);
    }
  }

  /// What RLIMIT_DATA counts: VmData of proc(5), in kilobytes there.
  private static long data() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmData:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      }
    }
    throw new IOException("/proc/self/status has no VmData");
  }

  private static RuntimeException unexpected(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("the C library could not be called", thrown);
  }
}
