package dev.portcullis.seccomp.compile;

import dev.portcullis.seccomp.bpf.Checked;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.libseccomp.FilterContext;
import dev.portcullis.seccomp.libseccomp.Libseccomp;
import dev.portcullis.seccomp.libseccomp.LibseccompException;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Architectures;
import dev.portcullis.seccomp.profile.Profile;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes of a profile the program that a runtime makes of it, with the same library and the same
/// calls. Whether the runtime takes the file at all is not asked here: that is what `lint` says.
///
/// May be used by several threads at once.
public final class Compiler {
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
    if (!profile.dockerOnly().isEmpty()) {
      throw new IllegalArgumentException("resolve the profile first: " + profile.dockerOnly());
    }
    Libseccomp libseccomp = library;
    if (libseccomp == null) {
      return new Compilation.Unavailable(
          Libseccomp.FILE + " is missing (apt-get install libseccomp2)");
    }
    Rules rules = new Rules(profile, libseccomp, dialect);
    try (FilterContext context = libseccomp.filter(Values.of(profile.defaultOutcome()))) {
      List<Stub.Limit> limits = new ArrayList<>();
      for (Architecture architecture : listed(profile)) {
        int token = libseccomp.architecture(architecture.name().toLowerCase(Locale.ROOT));
        if (token == 0) {
          return new Compilation.Refused(
              "libseccomp " + libseccomp.version() + " has no " + architecture.spelling());
        }
        context.addArchitecture(token);
        limits.add(new Stub.Limit(architecture, rules.highestNumber(token)));
      }
      switch (dialect) {
        case RUNC -> {
          if (rules.size() > 32) {
            // A library without it makes a list, which means the same.
            boolean _ = context.attribute(FilterContext.OPTIMIZE, 2);
          }
          boolean _ = context.attribute(FilterContext.NO_NEW_PRIVILEGES, 0);
        }
        case CRUN -> {}
      }
      rules.addTo(context);
      Checked own = Program.decode(context.export(), ByteOrder.nativeOrder());
      return switch (own) {
        case Checked.Refused refused -> tooLong(refused);
        case Checked.Accepted(Program program) ->
            switch (dialect) {
              case RUNC -> prefixed(profile, limits, program, rules);
              case CRUN -> new Compilation.Compiled(program, rules.skipped());
            };
      };
    } catch (LibseccompException refused) {
      return new Compilation.Refused(
          "libseccomp " + libseccomp.version() + ": " + refused.getMessage());
    }
  }

  private static Compilation prefixed(
      Profile profile, List<Stub.Limit> limits, Program program, Rules rules) {
    return switch (Program.of(Stub.before(program, profile.defaultOutcome().action(), limits))) {
      case Checked.Refused refused -> tooLong(refused);
      case Checked.Accepted(Program whole) -> new Compilation.Compiled(whole, rules.skipped());
    };
  }

  private static Compilation tooLong(Checked.Refused refused) {
    return new Compilation.Refused("the kernel would refuse the filter: " + refused);
  }

  private static List<Architecture> listed(Profile profile) {
    return switch (profile.architectures()) {
      case Architectures.Listed(List<Architecture> list) -> list.stream().distinct().toList();
      case Architectures.Mapped _ ->
          throw new IllegalArgumentException("resolve the profile first");
    };
  }
}
