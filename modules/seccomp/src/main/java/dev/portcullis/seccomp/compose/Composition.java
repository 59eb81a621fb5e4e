package dev.portcullis.seccomp.compose;

import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import java.util.List;
import java.util.Set;

/// What came of putting profiles together.
public sealed interface Composition {

  /// A profile whose filter was compared with those of all others, for every call.
  ///
  /// @param differences from the answer that counts: none of another severity where the profile is
  ///   exact, else all on one side
  /// @param dialects in which it was compared
  /// @param unproven names that have no number on these architectures here, in the order of the
  ///   rules: their rules were put together as they are written
  record Composed(
      ResolvedProfile profile,
      boolean exact,
      List<Difference> differences,
      Set<Dialect> dialects,
      List<String> unproven)
      implements Composition {
    public Composed {
      differences = List.copyOf(differences);
      dialects = Set.copyOf(dialects);
      unproven = List.copyOf(unproven);
    }
  }

  /// No profile that was tried does it.
  ///
  /// @param differences of the one that comes nearest; empty where none was made
  record Refused(String reason, List<Difference> differences) implements Composition {
    public Refused {
      differences = List.copyOf(differences);
    }

    /// Whether an approximation may do.
    public boolean canBeApproximated() {
      return !differences.isEmpty();
    }
  }

  /// There is no libseccomp to ask, or it did not finish: another attempt may give an answer.
  record Undecided(String reason, boolean unavailable) implements Composition {}
}
