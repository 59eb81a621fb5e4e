package dev.portcullis.container.profiles;

import dev.portcullis.seccomp.compile.Compilation;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Effort;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import org.jspecify.annotations.Nullable;

/// Keeps profiles from a runtime on which it would hang: it calls libseccomp before the container's
/// first program runs, and nothing there ends a call that does not end by itself.
public final class CompilationGuard {
  private final Compiler compiler;

  /// @param compiler of limited time
  public CompilationGuard(Compiler compiler) {
    this.compiler = compiler;
  }

  /// Why a runtime may not be given a profile; null where it may. Only a profile of unknown effort
  /// is compiled for it. One that libseccomp refuses is for the runtime to refuse.
  ///
  /// @param profile as the runtime will read it
  public @Nullable String wrong(ResolvedProfile profile) {
    if (compiler.effort(profile) == Effort.SMALL) {
      return null;
    }
    for (Compilation made : compiler.compileAll(profile).values()) {
      switch (made) {
        case Compilation.Undecided undecided -> {
          return undecided.text()
              + "; the runtime calls it as well, and might never start the container. Fewer"
              + " conditions in the rules of one call help, above all fewer SCMP_CMP_NE"
              + " together with others";
        }
        case Compilation.Compiled _, Compilation.Refused _, Compilation.Unavailable _ -> {}
      }
    }
    return null;
  }
}
