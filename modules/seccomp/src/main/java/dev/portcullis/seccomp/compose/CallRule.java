package dev.portcullis.seccomp.compose;

import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import java.util.List;

/// A rule for one call.
///
/// @param conditions all of which must hold; none means always
record CallRule(Verdict verdict, List<ArgumentCondition> conditions) {
  CallRule {
    conditions = List.copyOf(conditions);
  }
}
