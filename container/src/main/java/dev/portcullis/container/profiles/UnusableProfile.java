package dev.portcullis.container.profiles;

import dev.portcullis.seccomp.finding.Finding;
import java.util.List;

/// No profile that a container may be run with.
///
/// @param file where it should have been, for people: names that do not print are in quotes
/// @param findings what is wrong inside of the file; empty where it was not read
/// @param message file, place where there is one, what is wrong and what to do
public record UnusableProfile(Cause cause, String file, List<Finding> findings, String message)
    implements ProfileLookup {

  /// Why there is none.
  public enum Cause {
    /// The path may not stand in a profile name.
    BAD_PATH,
    /// No such file, or no profile root.
    MISSING,
    /// A symbolic link leads out of the root.
    OUTSIDE,
    /// A directory, a device, a FIFO, a socket.
    NOT_A_FILE,
    UNREADABLE,
    TOO_LARGE,
    /// The content is no seccomp profile.
    NOT_A_PROFILE
  }

  public UnusableProfile {
    findings = List.copyOf(findings);
  }
}
