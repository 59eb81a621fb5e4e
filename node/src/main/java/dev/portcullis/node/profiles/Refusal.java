package dev.portcullis.node.profiles;

import dev.portcullis.seccomp.finding.Quoted;
import java.util.List;

/// Carries the first problem out of the steps of a look-up; {@link ProfileRoot} turns it into a
/// value.
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  private final transient UnusableProfile profile;

  Refusal(UnusableProfile profile) {
    super(profile.message(), null, false, false);
    this.profile = profile;
  }

  Refusal(UnusableProfile.Cause cause, String file, String message) {
    this(
        new UnusableProfile(
            cause, Quoted.path(file), List.of(), Quoted.path(file) + ": " + message));
  }

  UnusableProfile profile() {
    return profile;
  }
}
