package dev.portcullis.container.profiles;

import dev.portcullis.seccomp.finding.QuotedText;
import java.util.List;

/// Carries the first problem out of the steps of a look-up; {@link ProfileRoot} turns it into a
/// value.
final class UnusableProfileException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient UnusableProfile profile;

  UnusableProfileException(UnusableProfile profile) {
    super(profile.message(), null, false, false);
    this.profile = profile;
  }

  UnusableProfileException(UnusableProfile.Cause cause, String file, String message) {
    this(
        new UnusableProfile(
            cause, QuotedText.path(file), List.of(), QuotedText.path(file) + ": " + message));
  }

  UnusableProfile profile() {
    return profile;
  }
}
