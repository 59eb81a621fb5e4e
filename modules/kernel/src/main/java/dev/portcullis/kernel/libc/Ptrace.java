package dev.portcullis.kernel.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// ptrace(2) and waitpid(2) for one other thread, and memory that the kernel writes to. It is for
/// the thread that made it alone, as a tracer is a thread.
///
/// Memory is taken once: the other thread stands still between the calls.
public final class Ptrace implements AutoCloseable {
  // long ptrace(enum __ptrace_request request, ...)
  private static final MethodHandle PTRACE =
      Libc.variadic(1, "ptrace", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle WAITPID =
      Libc.function("waitpid", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment state = Libc.state(arena);
  private final MemorySegment status = arena.allocate(JAVA_INT);
  private final MemorySegment memory;
  private final int tid;

  /// @param bytes how much memory the kernel may write to
  public Ptrace(int tid, long bytes) {
    this.tid = tid;
    memory = arena.allocate(bytes, Long.BYTES);
  }

  /// Makes a request.
  ///
  /// @param request `PTRACE_*` of linux/ptrace.h
  /// @return negative where it is refused, and {@link #errno} says why
  public long request(int request, long address, long data) {
    try {
      return (long) PTRACE.invokeExact(state, request, tid, address, data);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  /// Makes one whose answer the kernel writes to the memory, from an offset on.
  public long requestInto(long offset, int request, long address) {
    return request(request, address, memory.asSlice(offset).address());
  }

  /// What the kernel wrote there.
  public byte[] bytes(long offset, long length) {
    return memory.asSlice(offset, length).toArray(JAVA_BYTE);
  }

  /// Asks what became of the thread (waitpid(2)).
  ///
  /// @return its number, and {@link #status} says what; 0 where there is no news; negative where it
  ///   is not traced
  public int waitpid(int options) {
    try {
      return (int) WAITPID.invokeExact(state, tid, status, options);
    } catch (Throwable thrown) {
      throw Libc.unexpected(thrown);
    }
  }

  /// As wait(2) has it.
  public int status() {
    return status.get(JAVA_INT, 0);
  }

  /// Why the last request was refused.
  public int errno() {
    return Libc.errno(state);
  }

  @Override
  public void close() {
    arena.close();
  }
}
