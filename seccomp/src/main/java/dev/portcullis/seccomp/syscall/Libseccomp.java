package dev.portcullis.seccomp.syscall;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The part of libseccomp.so.2 that knows names.
///
/// Looked up on the first use and never unloaded. The library has no state of its own for these
/// calls, so they may come from any thread.
@SuppressWarnings("restricted")
final class Libseccomp {
  /// `__NR_SCMP_ERROR`: no system call of any architecture has this name. Other negative numbers
  /// are the library's own for calls that this architecture does not have.
  static final int UNKNOWN = -1;

  private static final int THREE_INTS = 12;
  private static final int LONGEST_NAME = 256;

  private final MethodHandle resolveName;
  private final MethodHandle resolveNumber;
  private final MethodHandle version;
  private final MethodHandle free;

  private Libseccomp(SymbolLookup library) {
    Linker linker = Linker.nativeLinker();
    // int seccomp_syscall_resolve_name(const char *name)
    resolveName =
        linker.downcallHandle(
            library.findOrThrow("seccomp_syscall_resolve_name"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS));
    // char *seccomp_syscall_resolve_num_arch(uint32_t arch_token, int num), to be freed
    resolveNumber =
        linker.downcallHandle(
            library.findOrThrow("seccomp_syscall_resolve_num_arch"),
            FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT));
    // const struct scmp_version *seccomp_version(void)
    version =
        linker.downcallHandle(
            library.findOrThrow("seccomp_version"), FunctionDescriptor.of(ADDRESS));
    free =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("free"), FunctionDescriptor.ofVoid(ADDRESS));
  }

  /// The library of this machine, or nothing where it is not installed.
  static Optional<Libseccomp> load(String file) {
    SymbolLookup library;
    try {
      library = SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalArgumentException notFound) {
      return Optional.empty();
    }
    return Optional.of(new Libseccomp(library));
  }

  /// The number of a system call, negative for one of another architecture, or {@link #UNKNOWN}.
  int number(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) resolveName.invokeExact(arena.allocateFrom(name));
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  /// The name of a system call, or nothing where the architecture has none of this number.
  Optional<String> name(int architecture, int number) {
    try {
      MemorySegment name = (MemorySegment) resolveNumber.invokeExact(architecture, number);
      if (name.equals(MemorySegment.NULL)) {
        return Optional.empty();
      }
      try {
        return Optional.of(name.reinterpret(LONGEST_NAME).getString(0));
      } finally {
        free.invokeExact(name);
      }
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  /// As `2.5.4`.
  String version() {
    try {
      MemorySegment numbers = ((MemorySegment) version.invokeExact()).reinterpret(THREE_INTS);
      return numbers.getAtIndex(JAVA_INT, 0)
          + "."
          + numbers.getAtIndex(JAVA_INT, 1)
          + "."
          + numbers.getAtIndex(JAVA_INT, 2);
    } catch (Throwable thrown) {
      throw unexpected(thrown);
    }
  }

  /// A downcall throws nothing by itself: what comes out is ours or the JVM's.
  private static RuntimeException unexpected(Throwable thrown) {
    if (thrown instanceof Error error) {
      throw error;
    }
    return new IllegalStateException("libseccomp could not be called", thrown);
  }
}
