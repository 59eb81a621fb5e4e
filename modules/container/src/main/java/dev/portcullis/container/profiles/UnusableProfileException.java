package dev.portcullis.container.profiles;

import dev.portcullis.profiles.store.ProfileLookup;
import dev.portcullis.seccomp.finding.QuotedText;
import java.util.List;

/// Carries the first problem out of the steps of a look-up; {@link ProfileRoot} turns it into a
/// value.
final class UnusableProfileException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient ProfileLookup.None lookup;

  private UnusableProfileException(ProfileLookup.None lookup) {
    super(lookup.why(), null, false, false);
    this.lookup = lookup;
  }

  /// There is no such file, or no profile root.
  static UnusableProfileException absent(String file, String message) {
    return new UnusableProfileException(new ProfileLookup.Absent(line(file, message)));
  }

  /// It could not be read.
  static UnusableProfileException undecided(String file, String message) {
    return new UnusableProfileException(new ProfileLookup.Undecided(line(file, message)));
  }

  /// What the path leads to is not a usable profile: it may not stand in a name, leads out of the
  /// root, or is not a regular file of its size.
  static UnusableProfileException unusable(String file, String message) {
    return new UnusableProfileException(new ProfileLookup.Unusable(line(file, message), List.of()));
  }

  private static String line(String file, String message) {
    return QuotedText.path(file) + ": " + message;
  }

  ProfileLookup.None lookup() {
    return lookup;
  }
}
