package dev.portcullis.profiles.store;

import dev.portcullis.seccomp.finding.Finding;
import java.util.List;

/// What came of looking for a profile.
public sealed interface ProfileLookup permits UsableProfile, ProfileLookup.None {

  /// No profile that a container may be run with.
  sealed interface None extends ProfileLookup {
    /// Where it should have been, what is wrong and what to do, in one line.
    String why();
  }

  /// Something is there, and cannot be used.
  ///
  /// @param findings what is wrong inside of it; empty where it was not read
  record Unusable(String why, List<Finding> findings) implements None {
    public Unusable {
      findings = List.copyOf(findings);
    }
  }

  /// Nothing is there.
  record Absent(String why) implements None {}

  /// It could not be learnt what is there.
  record Undecided(String why) implements None {}
}
