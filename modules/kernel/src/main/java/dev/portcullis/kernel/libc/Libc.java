package dev.portcullis.kernel.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.stream.Stream;

/// How functions of the C library are found and called. Each takes the memory for errno before its
/// own arguments: {@link #state} makes it, and {@link #errno} reads it.
@SuppressWarnings("restricted") // the launcher allows calls of the C library
final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

  private Libc() {}

  static MethodHandle function(String name, MemoryLayout answer, MemoryLayout... arguments) {
    return find(name, FunctionDescriptor.of(answer, arguments));
  }

  /// One that C declares with `...` after so many arguments.
  static MethodHandle variadic(
      int fixed, String name, MemoryLayout answer, MemoryLayout... arguments) {
    return find(
        name, FunctionDescriptor.of(answer, arguments), Linker.Option.firstVariadicArg(fixed));
  }

  private static MethodHandle find(String name, FunctionDescriptor type, Linker.Option... options) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        type,
        Stream.concat(Stream.of(CAPTURE), Stream.of(options)).toArray(Linker.Option[]::new));
  }

  static MemorySegment state(Arena arena) {
    return arena.allocate(STATE);
  }

  /// What the last call with this memory left. Valid only where the call reported a failure.
  static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  /// A call throws nothing by itself: what comes out of a handle is the JVM's, or our mistake.
  static RuntimeException unexpected(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("cannot call the C library", thrown);
  }
}
