package dev.portcullis.seccomp.libseccomp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// libseccomp.so.2: the part that knows names, and the way to {@link FilterContext}.
///
/// Looked up on the first use and never unloaded. The library has no state of its own for these
/// calls, so they may come from any thread.
@SuppressWarnings("restricted")
public final class Libseccomp {
  /// The file that the dynamic loader looks for.
  public static final String FILE = "libseccomp.so.2";

  /// `__NR_SCMP_ERROR`: no system call of any architecture has this name. Other negative numbers
  /// are the library's own for calls that this architecture does not have.
  public static final int UNKNOWN = -1;

  private static final int THREE_INTS = 12;
  private static final int LONGEST_NAME = 256;

  private final SymbolLookup library;
  private final MethodHandle nativeArchitecture;
  private final MethodHandle resolveArchitecture;
  private final MethodHandle resolveName;
  private final MethodHandle resolveNumber;
  private final MethodHandle version;
  private final MethodHandle free;
  private @Nullable FilterCalls filterCalls;

  private Libseccomp(SymbolLookup library) {
    this.library = library;
    // uint32_t seccomp_arch_native(void)
    nativeArchitecture =
        Downcalls.of(library, "seccomp_arch_native", FunctionDescriptor.of(JAVA_INT));
    // uint32_t seccomp_arch_resolve_name(const char *arch_name)
    resolveArchitecture =
        Downcalls.of(
            library, "seccomp_arch_resolve_name", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    // int seccomp_syscall_resolve_name_arch(uint32_t arch_token, const char *name)
    resolveName =
        Downcalls.of(
            library,
            "seccomp_syscall_resolve_name_arch",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    // char *seccomp_syscall_resolve_num_arch(uint32_t arch_token, int num), to be freed
    resolveNumber =
        Downcalls.of(
            library,
            "seccomp_syscall_resolve_num_arch",
            FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT));
    // const struct scmp_version *seccomp_version(void)
    version = Downcalls.of(library, "seccomp_version", FunctionDescriptor.of(ADDRESS));
    free = Downcalls.ofLibc("free", FunctionDescriptor.ofVoid(ADDRESS));
  }

  /// The library of this machine, or nothing where it is not installed.
  public static Optional<Libseccomp> load(String file) {
    SymbolLookup library;
    try {
      library = SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalArgumentException notFound) {
      return Optional.empty();
    }
    return Optional.of(new Libseccomp(library));
  }

  /// The library's token of the machine's own architecture.
  public int nativeArchitecture() {
    try {
      return (int) nativeArchitecture.invokeExact();
    } catch (Throwable thrown) {
      throw Downcalls.unexpected(thrown);
    }
  }

  /// The library's token of an architecture; 0 where it has none of that name.
  ///
  /// @param name as `x86_64`
  public int architecture(String name) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) resolveArchitecture.invokeExact(arena.allocateFrom(name));
    } catch (Throwable thrown) {
      throw Downcalls.unexpected(thrown);
    }
  }

  /// The number of a system call on an architecture, negative for one of another architecture, or
  /// {@link #UNKNOWN}.
  ///
  /// @param architecture the library's token; 0 is the machine's own
  public int number(int architecture, String name) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) resolveName.invokeExact(architecture, arena.allocateFrom(name));
    } catch (Throwable thrown) {
      throw Downcalls.unexpected(thrown);
    }
  }

  /// The name of a system call, or nothing where the architecture has none of this number.
  public Optional<String> name(int architecture, int number) {
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
      throw Downcalls.unexpected(thrown);
    }
  }

  /// As `2.5.4`.
  public String version() {
    try {
      MemorySegment numbers = ((MemorySegment) version.invokeExact()).reinterpret(THREE_INTS);
      return numbers.getAtIndex(JAVA_INT, 0)
          + "."
          + numbers.getAtIndex(JAVA_INT, 1)
          + "."
          + numbers.getAtIndex(JAVA_INT, 2);
    } catch (Throwable thrown) {
      throw Downcalls.unexpected(thrown);
    }
  }

  /// Begins a filter for the machine's own architecture.
  public FilterContext filter(int defaultAction) throws LibseccompException {
    return FilterContext.init(filterCalls(), defaultAction);
  }

  private synchronized FilterCalls filterCalls() {
    if (filterCalls == null) {
      filterCalls = new FilterCalls(library);
    }
    return filterCalls;
  }
}
