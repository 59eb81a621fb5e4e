package dev.portcullis.seccomp.json;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.profile.Profile;
import java.util.List;

/// What came of reading a profile.
public sealed interface ProfileParseResult {

  /// The profile, and what its author may not have meant.
  record Read(Profile profile, List<Finding> warnings) implements ProfileParseResult {
    public Read {
      warnings = List.copyOf(warnings);
    }
  }

  /// No profile: at least one finding is an error, and it is among the first.
  record Rejected(List<Finding> findings) implements ProfileParseResult {
    public Rejected {
      findings = List.copyOf(findings);
    }
  }
}
