package dev.portcullis.seccomp.lint;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import java.util.ArrayList;
import java.util.List;

/// Answers by which a runtime believes that it dropped what it kept, other than a success that is
/// faked. They matter where the filter is loaded before rights are dropped: where the container
/// does not set no_new_privs.
///
/// runc 1.1 to 1.5 (libcontainer/capabilities, and the capability library that it uses) and crun
/// 1.0 to 1.29 (src/libcrun/linux.c) take EINVAL for a kernel that does not know a capability, and
/// call the other ones to drop capabilities, groups and user.
final class RightsKept implements Check {
  private static final int EINVAL = 22;

  /// What must not be answered with EINVAL: prctl's option, and its second argument.
  private static final List<long[]> OLD_KERNEL =
      List.of(
          new long[] {24, 21, 0, 0, 0, 0}, // PR_CAPBSET_DROP, CAP_SYS_ADMIN
          new long[] {47, 4, 0, 0, 0, 0}); // PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL

  private static final List<String> DROPPING =
      List.of("capset", "capget", "setgroups", "setgid", "setuid", "setresgid", "setresuid");

  @Override
  public List<Finding> judge(Profile profile) {
    List<Finding> found = new ArrayList<>();
    OLD_KERNEL.stream()
        .flatMap(arguments -> outcomes(profile, "prctl", arguments).stream())
        .filter(outcome -> outcome.action() == Action.ERRNO && outcome.effectiveErrno() == EINVAL)
        .findFirst()
        .ifPresent(outcome ->
            found.add(
                finding(
                    outcome.at(),
                    "prctl(PR_CAPBSET_DROP) or prctl(PR_CAP_AMBIENT) fails with EINVAL, which runc"
                        + " and crun attribute to an old kernel: a container without"
                        + " `allowPrivilegeEscalation: false` keeps capabilities that it should"
                        + " lose; allow prctl, or use another `errnoRet`, such as 1 (EPERM)")));
    List<String> asked =
        DROPPING.stream()
            .filter(
                name -> outcomes(profile, name, new long[6]).stream().anyMatch(RightsKept::asks))
            .toList();
    if (!asked.isEmpty()) {
      found.add(
          finding(
              outcomes(profile, asked.getFirst(), new long[6]).stream()
                  .filter(RightsKept::asks)
                  .findFirst()
                  .map(Outcome::at)
                  .orElse(Position.NONE),
              "a listener or a tracer decides "
                  + String.join(", ", asked)
                  + ": if it reports success, a container without `allowPrivilegeEscalation: false`"
                  + " keeps rights that it should lose; allow these calls"));
    }
    return found;
  }

  /// What may become of a call: of the rules that hold, and of the default where none is sure to.
  private static List<Outcome> outcomes(Profile profile, String name, long[] arguments) {
    List<Rule> rules =
        profile.rules().stream()
            .filter(rule ->
                rule.names().list().stream().anyMatch(each -> each.name().equals(name))
                    && ConditionCover.holds(rule.arguments(), arguments))
            .toList();
    List<Outcome> outcomes = new ArrayList<>(rules.stream().map(Rule::outcome).toList());
    if (rules.stream().noneMatch(rule -> rule.guard().isEmpty())) {
      outcomes.add(profile.defaultOutcome());
    }
    return outcomes;
  }

  private static boolean asks(Outcome outcome) {
    return outcome.action() == Action.NOTIFY || outcome.action() == Action.TRACE;
  }

  private static Finding finding(Position at, String message) {
    return new Finding(Problem.RIGHTS_KEPT, at, message);
  }
}
