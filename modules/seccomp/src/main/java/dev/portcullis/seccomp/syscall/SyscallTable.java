package dev.portcullis.seccomp.syscall;

import dev.portcullis.seccomp.libseccomp.Libseccomp;
import dev.portcullis.seccomp.profile.Architecture;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Names of system calls for numbers, by libseccomp.
public final class SyscallTable {
  /// System calls are numbered up to 470 in 2026.
  static final int NUMBERS = 600;

  // asm/unistd.h of arm
  private static final int ARM_PRIVATE = 0x0f0000;

  private final @Nullable Libseccomp library;
  private final Map<Architecture, NavigableMap<Integer, String>> known =
      new EnumMap<>(Architecture.class);

  private SyscallTable(@Nullable Libseccomp library) {
    this.library = library;
  }

  /// The names that the libseccomp of this machine knows; none where there is no libseccomp.
  public static SyscallTable ofThisMachine() {
    return new SyscallTable(Libseccomp.load(Libseccomp.FILE).orElse(null));
  }

  /// The calls of an architecture, by the number that a filter sees. Made once.
  public synchronized NavigableMap<Integer, String> of(Architecture architecture) {
    return known.computeIfAbsent(architecture, this::make);
  }

  private NavigableMap<Integer, String> make(Architecture architecture) {
    NavigableMap<Integer, String> names = new TreeMap<>();
    Libseccomp libseccomp = library;
    if (libseccomp == null) {
      return names;
    }
    int token = libseccomp.architecture(architecture.name().toLowerCase(Locale.ROOT));
    if (token == 0) {
      return names;
    }
    for (int first : blocks(architecture)) {
      IntStream.range(first, first + NUMBERS)
          .forEach(
              number -> libseccomp.name(token, number).ifPresent(name -> names.put(number, name)));
    }
    return names;
  }

  /// Where its numbers begin.
  private static List<Integer> blocks(Architecture architecture) {
    int first = architecture.firstNumber();
    return architecture == Architecture.ARM ? List.of(first, ARM_PRIVATE) : List.of(first);
  }
}
