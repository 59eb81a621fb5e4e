package dev.portcullis.kernel.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.seccomp.bpf.Instruction;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.bpf.ProgramCheck;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/// Does something in a thread of its own that has filters; what it starts inherits them.
@SuppressWarnings("restricted")
public final class FilteredThread {
  private static final long SYS_PRCTL = 157;
  private static final long SYS_SECCOMP = 317;
  private static final long PR_SET_NO_NEW_PRIVS = 38;
  private static final long SECCOMP_SET_MODE_FILTER = 1;
  private static final MethodHandle SYSCALL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Linker.Option.firstVariadicArg(1));

  private FilteredThread() {}

  /// A filter that denies one call, and only that.
  public static Program denying(int number, int errno) {
    return answering(number, 0x50000 | errno);
  }

  /// A filter that answers one call so, and allows all others.
  public static Program answering(int number, int value) {
    return switch (Program.of(
        List.of(
            Instruction.of(0x20, 0),
            new Instruction(0x15, 0, 1, number),
            Instruction.of(0x06, value),
            Instruction.of(0x06, 0x7fff0000)))) {
      case ProgramCheck.Accepted(Program program) -> program;
      case ProgramCheck.Refused refused -> throw new AssertionError(refused);
    };
  }

  public static <T> T call(List<Program> oldestFirst, Callable<T> body) throws Exception {
    FutureTask<T> task =
        new FutureTask<>(() -> {
          oldestFirst.forEach(FilteredThread::install);
          return body.call();
        });
    Thread.ofPlatform().daemon().start(task);
    return task.get();
  }

  /// Puts a filter on this thread, for as long as it lives.
  private static void install(Program program) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment code = arena.allocateFrom(JAVA_BYTE, program.encode(ByteOrder.nativeOrder()));
      // struct sock_fprog
      MemorySegment filter = arena.allocate(16, 8);
      filter.set(JAVA_SHORT, 0, (short) program.size());
      filter.set(ADDRESS, 8, code);
      assertThat(syscall(SYS_PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0)).isZero();
      assertThat(syscall(SYS_SECCOMP, SECCOMP_SET_MODE_FILTER, 0, filter.address())).isZero();
    }
  }

  private static long syscall(long number, long first, long second, long third) {
    try {
      return (long) SYSCALL.invokeExact(number, first, second, third, 0L, 0L);
    } catch (Throwable thrown) {
      throw new AssertionError(thrown);
    }
  }
}
