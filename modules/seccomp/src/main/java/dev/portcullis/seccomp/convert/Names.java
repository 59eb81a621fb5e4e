package dev.portcullis.seccomp.convert;

import dev.portcullis.seccomp.finding.QuotedText;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Names of system calls for forms in which other text means more: `@known` is a set for systemd,
/// and a line break begins another setting.
final class Names {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_]{1,100}");

  private Names() {}

  /// The profile without what cannot be a name. Runtimes leave it out as well, as no libseccomp
  /// knows it.
  static ResolvedProfile only(ResolvedProfile profile, List<Loss> losses) {
    List<ResolvedRule> rules = new ArrayList<>();
    for (ResolvedRule rule : profile.rules()) {
      List<SyscallName> names = new ArrayList<>();
      for (SyscallName name : rule.names()) {
        if (NAME.matcher(name.name()).matches()) {
          names.add(name);
        } else {
          losses.add(
              new Loss(
                  name.at(),
                  Loss.Effect.NEITHER,
                  QuotedText.of(name.name()) + " is not the name of a system call; left out"));
        }
      }
      if (!names.isEmpty()) {
        rules.add(
            new ResolvedRule(rule.at(), names, rule.outcome(), rule.arguments(), rule.comment()));
      }
    }
    return new ResolvedProfile(
        profile.defaultOutcome(),
        profile.architectures(),
        profile.flags(),
        profile.listener(),
        rules);
  }
}
