package dev.portcullis.seccomp.compile;

import dev.portcullis.seccomp.libseccomp.Libseccomp;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes of a profile the program that a runtime makes of it, with the same library and the same
/// calls. Whether the runtime takes the file at all is not asked here: that is what `lint` checks.
///
/// Names are looked up in this process, and that is quick; filters are made by a {@link
/// RulesetCompiler}.
///
/// May be used by several threads at once.
public final class Compiler {
  private static final Compilation MISSING =
      new Compilation.Unavailable(Libseccomp.FILE + " is missing (apt-get install libseccomp2)");

  private final String file;
  private final @Nullable RulesetCompiler compiler;

  private boolean loaded;
  private @Nullable Libseccomp library;

  private Compiler(String file, @Nullable RulesetCompiler compiler) {
    this.file = file;
    this.compiler = compiler;
  }

  /// A compiler for the libseccomp of this machine, which is loaded on the first use, to look names
  /// up.
  ///
  /// @param compiler what has filters made
  public static Compiler by(RulesetCompiler compiler) {
    return new Compiler(Libseccomp.FILE, compiler);
  }

  /// A compiler that calls libseccomp on the thread that asks, for as long as it takes, which may
  /// be for ever: not for profiles of other people.
  public static Compiler inThisProcess() {
    return inThisProcess(Libseccomp.FILE);
  }

  /// The same with another file of the library.
  static Compiler inThisProcess(String file) {
    return new Compiler(file, null);
  }

  /// The version of this machine's libseccomp, as `2.5.4`; empty where there is none.
  public static Optional<String> versionOfThisMachine() {
    return Libseccomp.load(Libseccomp.FILE).map(Libseccomp::version);
  }

  private synchronized Optional<Libseccomp> library() {
    if (!loaded) {
      library = Libseccomp.load(file).orElse(null);
      loaded = true;
    }
    return Optional.ofNullable(library);
  }

  private @Nullable FilterBuilder making(ResolvedProfile profile) {
    return library()
        .map(loaded ->
            new FilterBuilder(
                profile, loaded, compiler == null ? new LibseccompCalls(loaded) : compiler))
        .orElse(null);
  }

  /// As `2.5.4`; empty where there is none.
  public Optional<String> version() {
    return library().map(Libseccomp::version);
  }

  /// Makes the program.
  public Compilation compile(ResolvedProfile profile, Dialect dialect) {
    FilterBuilder making = making(profile);
    return making == null ? MISSING : making.in(dialect);
  }

  /// The same in every dialect, for less than each by itself.
  public Map<Dialect, Compilation> compileAll(ResolvedProfile profile) {
    FilterBuilder making = making(profile);
    Map<Dialect, Compilation> all = new EnumMap<>(Dialect.class);
    for (Dialect dialect : Dialect.values()) {
      all.put(dialect, making == null ? MISSING : making.in(dialect));
    }
    return all;
  }

  /// How much work a profile is for libseccomp, in the dialect for which it is most. Meaningless
  /// for one that libseccomp would not take.
  public Effort effort(ResolvedProfile profile) {
    FilterBuilder making = making(profile);
    return making == null ? Effort.UNKNOWN : making.effort();
  }
}
