package dev.portcullis.seccomp.lint;

import dev.portcullis.seccomp.finding.Finding;
import java.util.List;

/// One thing that may be wrong with the filter of a profile.
@FunctionalInterface
interface FilterCheck {
  List<Finding> judge(LintContext judged);
}
