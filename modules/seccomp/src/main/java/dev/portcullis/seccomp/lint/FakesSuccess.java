package dev.portcullis.seccomp.lint;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.syscall.RightsCalls;
import dev.portcullis.seccomp.syscall.RightsCalls.RightsCall;
import dev.portcullis.seccomp.syscall.RightsCalls.Which;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// `SCMP_ACT_ERRNO` with errno 0: the call is not made, and seems to succeed. No runtime and no
/// libseccomp makes that of anything else, so the text alone shows it.
public final class FakesSuccess implements Check {
  private static final Set<String> RIGHTS =
      RightsCalls.load().stream()
          .filter(call -> !(call.which() instanceof Which.Only))
          .map(RightsCall::name)
          .collect(Collectors.toUnmodifiableSet());

  FakesSuccess() {}

  /// By which calls a runtime or a program would believe that it gave rights up, and keep them;
  /// empty where there is none. Such a profile is safe under no_new_privs alone, where runtimes
  /// load the filter after they gave up theirs.
  public static List<String> ofRights(Profile profile) {
    List<String> names = new ArrayList<>();
    for (Rule rule : profile.rules()) {
      if (fakes(rule.outcome())) {
        rule.names().list().stream()
            .map(SyscallName::name)
            .filter(name -> RIGHTS.contains(name) && !names.contains(name))
            .forEach(names::add);
      }
    }
    if (fakes(profile.defaultOutcome())) {
      names.add("every call without a rule");
    }
    return names;
  }

  @Override
  public List<Finding> judge(Profile profile) {
    List<Finding> found = new ArrayList<>();
    if (fakes(profile.defaultOutcome())) {
      found.add(
          finding(
              profile.defaultOutcome().at(),
              "every call without a rule",
              "; runtimes and programs use some of them to drop rights, and keep these rights when"
                  + " the call seems to succeed"));
    }
    for (Rule rule : profile.rules()) {
      if (fakes(rule.outcome())) {
        List<String> names = rule.names().list().stream().map(SyscallName::name).toList();
        List<String> rights = names.stream().filter(RIGHTS::contains).toList();
        found.add(
            finding(
                rule.at(),
                LintContext.list(names),
                rights.isEmpty()
                    ? ""
                    : "; runtimes and programs drop rights with "
                        + LintContext.list(rights)
                        + " and keep them when the call seems to succeed: a container can keep"
                        + " every capability, and root"));
      }
    }
    return found;
  }

  private static boolean fakes(Outcome outcome) {
    return outcome.action() == Action.ERRNO && outcome.effectiveErrno() == 0;
  }

  private static Finding finding(Position at, String calls, String more) {
    return new Finding(
        Problem.FAKES_SUCCESS,
        at,
        "errno 0 for "
            + calls
            + ": the kernel does not make the call, but it seems to succeed, and the program"
            + " continues as if it had"
            + more
            + "; use another `errnoRet`, such as 1 (EPERM)");
  }
}
