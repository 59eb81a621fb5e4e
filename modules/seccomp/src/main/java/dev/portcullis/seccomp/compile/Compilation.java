package dev.portcullis.seccomp.compile;

import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.seccomp.profile.SyscallName;
import java.util.List;

/// What came of making a filter of a profile.
public sealed interface Compilation {

  /// The program that the runtime would give to the kernel.
  ///
  /// @param spellings this one, and the others that it may make as well
  /// @param skipped names that this libseccomp does not know: the runtime skips them in silence
  record Compiled(Program program, Spellings spellings, List<SyscallName> skipped)
      implements Compilation {
    public Compiled {
      skipped = List.copyOf(skipped);
    }
  }

  /// libseccomp does not take the profile, and so no container starts under it.
  record Refused(String reason) implements Compilation {}

  /// It is not known what libseccomp makes of the profile: it did not finish in its time, or the
  /// machine failed. Nothing may be concluded from it; a runtime may hang where this did.
  ///
  /// @param reason as "libseccomp did not finish in 2 s"
  record Undecided(String reason) implements Compilation {
    /// For a person, as in all places where something cannot be decided.
    public String text() {
      return "cannot compile the filter: " + reason;
    }
  }

  /// There is no libseccomp to ask.
  record Unavailable(String reason) implements Compilation {}
}
