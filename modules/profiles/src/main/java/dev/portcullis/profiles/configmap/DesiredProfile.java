package dev.portcullis.profiles.configmap;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.profile.ProfileContent;
import java.util.List;

/// What a ConfigMap wants at one path.
public sealed interface DesiredProfile {
  /// The key that wants it, for people.
  String source();

  /// A profile that may be written.
  ///
  /// @param findings what in it lets somebody have more than he should
  record Sound(String source, ProfileContent content, List<Finding> findings)
      implements DesiredProfile {
    public Sound {
      findings = List.copyOf(findings);
    }
  }

  /// What is there is not to be written: it is no profile, or another key wants the same path. The
  /// path is its all the same: what was written before stays.
  record Broken(String source) implements DesiredProfile {}
}
