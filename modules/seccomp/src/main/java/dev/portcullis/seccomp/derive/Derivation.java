package dev.portcullis.seccomp.derive;

import dev.portcullis.seccomp.resolve.ResolvedProfile;
import java.util.List;

/// A profile like another one, but for some calls.
public sealed interface Derivation {

  /// It was made. What its filter does is for its maker to look at: libseccomp has its own mind.
  record Derived(ResolvedProfile profile) implements Derivation {}

  /// No profile can say it.
  record Impossible(String reason) implements Derivation {}

  /// Makes it; one change after the other.
  static Derivation of(ResolvedProfile origin, List<ProfileEdit> changes) {
    RuleRewriter rewriting = new RuleRewriter(origin);
    for (ProfileEdit change : changes) {
      try {
        rewriting.apply(change);
      } catch (InexpressibleException inexpressible) {
        return new Impossible(
            "this profile cannot be changed by \""
                + change.text()
                + "\": "
                + inexpressible.getMessage());
      }
    }
    return new Derived(rewriting.profile());
  }
}
