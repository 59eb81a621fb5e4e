package dev.portcullis.seccomp.compile;

import dev.portcullis.seccomp.libseccomp.Libseccomp;
import dev.portcullis.seccomp.profile.Profile;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes of a profile the program that a runtime makes of it, with the same library and the same
/// calls. Whether the runtime takes the file at all is not asked here: that is what `lint` says.
///
/// May be used by several threads at once.
public final class Compiler {
  private static final Compilation MISSING =
      new Compilation.Unavailable(Libseccomp.FILE + " is missing (apt-get install libseccomp2)");

  private final @Nullable Libseccomp library;

  private Compiler(Optional<Libseccomp> library) {
    this.library = library.orElse(null);
  }

  /// A compiler with the libseccomp of this machine. Loads it.
  public static Compiler ofThisMachine() {
    return new Compiler(Libseccomp.load(Libseccomp.FILE));
  }

  /// A compiler with another file of the library.
  static Compiler of(String file) {
    return new Compiler(Libseccomp.load(file));
  }

  /// As `2.5.4`; empty where there is none.
  public Optional<String> version() {
    return Optional.ofNullable(library).map(Libseccomp::version);
  }

  /// Makes the program.
  ///
  /// @param profile plain OCI, as `seccomp.resolve` makes it
  /// @throws IllegalArgumentException where it has parts that only Docker understands
  public Compilation compile(Profile profile, Dialect dialect) {
    requirePlain(profile);
    return library == null ? MISSING : new Making(profile, library).in(dialect);
  }

  /// The same in every dialect, for less than each by itself.
  public Map<Dialect, Compilation> compileAll(Profile profile) {
    requirePlain(profile);
    Map<Dialect, Compilation> all = new EnumMap<>(Dialect.class);
    Making making = library == null ? null : new Making(profile, library);
    for (Dialect dialect : Dialect.values()) {
      all.put(dialect, making == null ? MISSING : making.in(dialect));
    }
    return all;
  }

  private static void requirePlain(Profile profile) {
    if (!profile.dockerOnly().isEmpty()) {
      throw new IllegalArgumentException("resolve the profile first: " + profile.dockerOnly());
    }
  }
}
