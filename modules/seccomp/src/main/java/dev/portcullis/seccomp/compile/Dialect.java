package dev.portcullis.seccomp.compile;

import dev.portcullis.seccomp.runtime.OciRuntimeFacts;
import dev.portcullis.seccomp.runtime.Runtimes;
import dev.portcullis.seccomp.runtime.Version;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/// Which runtime's way of calling libseccomp. What differs between their versions is in none of
/// their interfaces; it was read in their sources ({@link Runtimes} has it), and is held by tests
/// with the ones that are installed.
public enum Dialect {
  /// runc 1.1.15, 1.2.0 and later: a prologue that answers ENOSYS to calls that are newer than the
  /// profile, on the architectures that it lists and on the machine's own; from 1.2.0 on a binary
  /// tree for more than 32 rules, which means the same.
  RUNC(Runtimes.RUNC, new Version(1, 5, 0)),
  /// runc 1.0.0 to 1.1.14: the prologue is for the listed architectures alone.
  RUNC_1_1(Runtimes.RUNC, new Version(1, 1, 8)),
  /// crun 1.30 and later: libseccomp's program as it is.
  CRUN(Runtimes.CRUN, new Version(1, 30, 0)),
  /// crun up to 1.29: the same, but of the conditions of a rule the first six alone.
  CRUN_1_29(Runtimes.CRUN, new Version(1, 6, 0));

  private final String runtime;

  @SuppressWarnings("ImmutableEnumChecker") // a record of numbers
  private final Version row;

  /// @param row the version that its row of the facts begins with
  Dialect(String runtime, Version row) {
    this.runtime = runtime;
    this.row = row;
  }

  /// Read when one is asked for: naming a dialect, as options do, takes no time.
  private static final class Facts {
    private static final Map<Dialect, OciRuntimeFacts> ALL = new EnumMap<>(Dialect.class);

    static {
      for (Dialect each : values()) {
        ALL.put(each, Runtimes.known().oci(each.runtime, each.row));
      }
    }

    private Facts() {}

    static OciRuntimeFacts of(Dialect dialect) {
      return Objects.requireNonNull(ALL.get(dialect), dialect.runtime);
    }
  }

  /// How it has filters made.
  OciRuntimeFacts facts() {
    return Facts.of(this);
  }
}
