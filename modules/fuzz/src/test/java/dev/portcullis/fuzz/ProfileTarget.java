package dev.portcullis.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.compilation.BoundedCompiler;
import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.lint.Lint;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.KernelVersion;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.Resolver;
import dev.portcullis.seccomp.resolve.Target;
import java.time.Duration;
import java.util.Set;

/// Profiles as files have them: what is read is written and read again as the same, and libseccomp
/// makes a filter of it that is understood, or refuses it, in bounded time.
public final class ProfileTarget {
  private static final Target MACHINE =
      new Target(Architecture.X86_64, new KernelVersion(6, 1), Set.of("CAP_CHOWN"));

  /// libseccomp does not end on some profiles: it has a process of its own, and this long.
  private static final Compiler COMPILER =
      Compiler.by(BoundedCompiler.ofServer(Duration.ofSeconds(2)));

  private ProfileTarget() {}

  /// Called by the fuzzer.
  public static void fuzzerTestOneInput(byte[] input) {
    boolean _ = holds(input);
  }

  /// Whether all of the promise was put to the test: a filter was made, and it was understood.
  static boolean holds(byte[] input) {
    return switch (ProfileReader.read(input)) {
      case ProfileParseResult.Rejected rejected -> {
        if (rejected.findings().isEmpty()) {
          throw new AssertionError("refused without a reason");
        }
        yield false;
      }
      case ProfileParseResult.Read(Profile profile, _) -> {
        Lint.check(profile);
        ResolvedProfile plain = Resolver.resolve(profile, MACHINE);
        requireSame(plain, ProfileWriter.write(plain));
        yield COMPILER.compile(plain, Dialect.RUNC) instanceof Compilation.Compiled made
            && FilterTarget.requireUnderstood(made.program());
      }
    };
  }

  /// Places and words of findings differ between two texts; what is written of both does not.
  private static void requireSame(ResolvedProfile profile, String written) {
    if (!(ProfileReader.read(written.getBytes(UTF_8))
            instanceof ProfileParseResult.Read(var again, _))
        || !ProfileWriter.writeDocker(again).equals(written)) {
      throw new AssertionError("written otherwise than read: " + profile);
    }
  }
}
