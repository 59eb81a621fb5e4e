package dev.portcullis.seccomp.lint;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `SCMP_ACT_NOTIFY` where runc refuses it, and crun lets the call fail with ENOSYS or hangs.
final class Notifications implements Check {
  @Override
  public List<Finding> judge(Profile profile) {
    List<Finding> found = new ArrayList<>();
    boolean byDefault = profile.defaultOutcome().action() == Action.NOTIFY;
    if (byDefault) {
      found.add(
          finding(
              profile.defaultOutcome().at(),
              "runc rejects SCMP_ACT_NOTIFY as the default action; use it in rules for single"
                  + " system calls"));
    }
    List<Rule> asking =
        profile.rules().stream().filter(rule -> rule.outcome().action() == Action.NOTIFY).toList();
    asking.stream()
        .flatMap(rule -> rule.names().list().stream())
        .filter(name -> name.name().equals("write"))
        .findFirst()
        .ifPresent(name ->
            found.add(
                finding(
                    name.at(),
                    "runc rejects SCMP_ACT_NOTIFY for `write`, which it needs to pass the listener"
                        + " on")));
    Optional<Position> first =
        byDefault
            ? Optional.of(profile.defaultOutcome().at())
            : asking.stream().map(Rule::at).findFirst();
    if (first.isPresent() && profile.listener().path().isEmpty()) {
      found.add(
          finding(
              first.get(),
              "SCMP_ACT_NOTIFY needs `listenerPath`: without it runc rejects the profile, and with"
                  + " crun the call fails with ENOSYS"));
    }
    return found;
  }

  private static Finding finding(Position at, String message) {
    return new Finding(Problem.NOTIFY_UNUSABLE, at, message);
  }
}
