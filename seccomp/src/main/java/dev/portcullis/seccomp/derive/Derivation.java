package dev.portcullis.seccomp.derive;

import dev.portcullis.seccomp.profile.Profile;
import java.util.List;

/// A profile like another one, but for some calls.
public sealed interface Derivation {

  /// It was made. What its filter does is for its maker to look at: libseccomp has its own mind.
  record Derived(Profile profile) implements Derivation {}

  /// No profile can say it.
  record Impossible(String reason) implements Derivation {}

  /// Makes it; one change after the other.
  ///
  /// @param origin plain OCI, as `seccomp.resolve` makes it
  static Derivation of(Profile origin, List<Change> changes) {
    Rewriting rewriting = new Rewriting(origin);
    for (Change change : changes) {
      try {
        rewriting.apply(change);
      } catch (InexpressibleException inexpressible) {
        return new Impossible(
            "no profile like this one can have \""
                + change.text()
                + "\": "
                + inexpressible.getMessage());
      }
    }
    return new Derived(rewriting.profile());
  }
}
