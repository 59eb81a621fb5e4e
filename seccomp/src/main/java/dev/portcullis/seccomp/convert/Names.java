package dev.portcullis.seccomp.convert;

import dev.portcullis.seccomp.finding.Quoted;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.profile.Rule;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.profile.SyscallNames;
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
  static Profile only(Profile profile, List<Loss> losses) {
    List<Rule> rules = new ArrayList<>();
    for (Rule rule : profile.rules()) {
      List<SyscallName> names = new ArrayList<>();
      for (SyscallName name : rule.names().list()) {
        if (NAME.matcher(name.name()).matches()) {
          names.add(name);
        } else {
          losses.add(
              new Loss(
                  name.at(),
                  Loss.Effect.NEITHER,
                  Quoted.of(name.name()) + " is no name of a system call; left out"));
        }
      }
      if (!names.isEmpty()) {
        rules.add(
            new Rule(
                rule.at(),
                new SyscallNames(rule.names().spelling(), names),
                rule.outcome(),
                rule.arguments(),
                rule.guard(),
                rule.comment()));
      }
    }
    return new Profile(
        profile.defaultOutcome(),
        profile.architectures(),
        profile.flags(),
        profile.listener(),
        rules);
  }
}
