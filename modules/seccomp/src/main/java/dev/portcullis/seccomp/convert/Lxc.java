package dev.portcullis.seccomp.convert;

import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// LXC's policy, version 2: a line for each call, with its action and its conditions.
final class Lxc {
  private Lxc() {}

  static String write(ResolvedProfile profile, List<Loss> losses) {
    List<String> lines = new ArrayList<>();
    lines.add("2");
    Outcome byDefault = profile.defaultOutcome();
    boolean allowList = !byDefault.action().letsThrough();
    if (byDefault.action() == Action.LOG) {
      losses.add(new Loss(byDefault.at(), Loss.Effect.NEITHER, "SCMP_ACT_LOG: nothing is logged"));
    }
    String otherwise = allowList ? action(byDefault, "the default", losses) : "allow";
    lines.add(allowList ? "allowlist " + otherwise : "denylist");
    architectures(profile, losses);
    lines.add("[all]");
    for (ResolvedRule rule : profile.rules()) {
      if (rule.outcome().sameAs(byDefault)) {
        continue;
      }
      String action = action(rule.outcome(), AllowOrDenyList.names(rule), losses);
      if (action.equals(otherwise)) {
        // libseccomp refuses a rule that is like the default, and LXC then starts no container.
        continue;
      }
      for (String conditions : conditions(rule)) {
        for (SyscallName name : rule.names()) {
          lines.add(name.name() + " " + action + conditions);
        }
      }
    }
    return String.join("\n", lines) + "\n";
  }

  /// LXC always makes filters for all that a kernel runs, with the policy's default.
  private static void architectures(ResolvedProfile profile, List<Loss> losses) {
    List<Architecture> list = profile.architectures();
    if (!list.containsAll(List.of(Architecture.X86_64, Architecture.X86, Architecture.X32))
        && !list.containsAll(List.of(Architecture.AARCH64, Architecture.ARM))) {
      losses.add(
          new Loss(
              profile.defaultOutcome().at(),
              Loss.Effect.WEAKER,
              "architectures: LXC uses all that the kernel runs"));
    }
  }

  private static String action(Outcome outcome, String what, List<Loss> losses) {
    return switch (outcome.action()) {
      case ALLOW -> "allow";
      case LOG -> {
        losses.add(lost(outcome, Loss.Effect.NEITHER, what + ": nothing is logged"));
        yield "allow";
      }
      case ERRNO -> "errno " + outcome.effectiveErrno();
      case KILL, KILL_THREAD -> "kill";
      case KILL_PROCESS -> {
        losses.add(lost(outcome, Loss.Effect.NEITHER, what + ": the thread is killed"));
        yield "kill";
      }
      case TRAP -> "trap";
      case NOTIFY, TRACE -> action(AllowOrDenyList.answered(outcome, what, losses), what, losses);
    };
  }

  private static Loss lost(Outcome outcome, Loss.Effect effect, String message) {
    return new Loss(outcome.at(), effect, message);
  }

  /// What follows a name. Conditions on one argument are rules of their own, as runtimes take them.
  private static List<String> conditions(ResolvedRule rule) {
    List<ArgumentCondition> all = rule.arguments();
    boolean repeated = all.stream().map(ArgumentCondition::index).distinct().count() < all.size();
    return repeated
        ? all.stream().map(each -> " " + text(each)).toList()
        : List.of(all.stream().map(each -> " " + text(each)).collect(Collectors.joining()));
  }

  /// `[index,value,operator]`, and with a mask `[index,value,operator,mask]`.
  private static String text(ArgumentCondition condition) {
    boolean masked = condition.operator() == Operator.MASKED_EQ;
    return "["
        + condition.index()
        + ","
        + Long.toUnsignedString(masked ? condition.valueTwo() : condition.value())
        + ","
        + condition.operator().spelling()
        + (masked ? "," + Long.toUnsignedString(condition.value()) : "")
        + "]";
  }
}
