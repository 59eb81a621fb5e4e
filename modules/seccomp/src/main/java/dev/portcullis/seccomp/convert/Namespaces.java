package dev.portcullis.seccomp.convert;

import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `RestrictNamespaces=`: a rule that allows clone(2) without flags for some namespaces.
///
/// @param kinds as the setting calls those that are denied
record Namespaces(ResolvedRule rule, List<String> kinds) {
  /// CLONE_NEW* of linux/sched.h, and what `RestrictNamespaces=` calls it.
  private static final Map<Long, String> NAMES = new LinkedHashMap<>();

  static {
    NAMES.put(0x02000000L, "cgroup");
    NAMES.put(0x08000000L, "ipc");
    NAMES.put(0x40000000L, "net");
    NAMES.put(0x00020000L, "mnt");
    NAMES.put(0x20000000L, "pid");
    NAMES.put(0x10000000L, "user");
    NAMES.put(0x04000000L, "uts");
  }

  /// What a rule says about namespaces; null for other rules.
  static @Nullable Namespaces of(ResolvedRule rule) {
    if (rule.arguments().size() != 1
        || rule.outcome().action() != Action.ALLOW
        || rule.names().size() != 1
        || !rule.names().getFirst().name().equals("clone")) {
      return null;
    }
    ArgumentCondition condition = rule.arguments().getFirst();
    if (condition.operator() != Operator.MASKED_EQ
        || condition.index() != 0
        || condition.valueTwo() != 0) {
      return null;
    }
    List<String> kinds = new ArrayList<>();
    long rest = condition.value();
    for (Map.Entry<Long, String> each : NAMES.entrySet()) {
      if ((rest & each.getKey()) != 0) {
        kinds.add(each.getValue());
        rest &= ~each.getKey();
      }
    }
    return rest == 0 && !kinds.isEmpty() ? new Namespaces(rule, kinds) : null;
  }

  /// @param denial how the profile denies the others
  String line(Outcome denial, List<Loss> losses) {
    losses.add(
        new Loss(
            rule.at(),
            Loss.Effect.STRICTER,
            "clone: RestrictNamespaces= also denies unshare and setns for these namespaces, and"
                + " clone3 always"));
    if (denial.action() != Action.ERRNO || denial.effectiveErrno() != 1) {
      losses.add(
          new Loss(
              denial.at(),
              Loss.Effect.NEITHER,
              "clone: RestrictNamespaces= denies with EPERM, the profile in another way"));
    }
    return "RestrictNamespaces="
        + (kinds.size() == NAMES.size() ? "yes" : "~" + String.join(" ", kinds));
  }
}
