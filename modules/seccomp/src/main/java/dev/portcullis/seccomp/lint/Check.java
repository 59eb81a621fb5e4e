package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.profile.Profile;
import java.util.List;

/// One thing that may be wrong with a profile that can be read.
@FunctionalInterface
interface Check {
  List<Finding> judge(Profile profile);
}
