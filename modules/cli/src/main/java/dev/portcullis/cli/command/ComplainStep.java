package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CommandCompiler;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.seccomp.complain.ComplainMode;
import dev.portcullis.seccomp.compose.NamedProfile;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The part of `profile derive` that turns refusals into log records.
record ComplainStep(ChangedProfile.Setting setting) {

  /// The profile that logs; null where there is none, which is reported. Reports what is still
  /// refused.
  ///
  /// @param denied what is to be refused: what is refused for all arguments stays as it is
  @Nullable ChangedProfile of(NamedProfile origin, List<ProfileEdit> denied) {
    Set<String> kept =
        denied.stream()
            .filter(each -> each.conditions().isEmpty())
            .flatMap(each -> each.names().stream())
            .collect(Collectors.toSet());
    ComplainMode mode = new ComplainMode(CommandCompiler.get(), setting.table(), setting.machine());
    return switch (mode.of(origin, kept)) {
      case ComplainMode.Result.Made made -> {
        setting.reporter().note(proven(origin.name(), !denied.isEmpty()));
        still(made).forEach(setting.reporter()::note);
        yield setting.compiled("the profile that logs", made.profile());
      }
      case ComplainMode.Result.Failed(String reason, boolean unavailable) -> {
        setting
            .reporter()
            .complain(
                List.of(new Diagnostic(reason, unavailable ? ExitCode.WORLD : ExitCode.REFUSED)));
        yield null;
      }
    };
  }

  private static String proven(String origin, boolean denies) {
    return "proven for each OCI runtime: what "
        + origin
        + " allows is allowed, and what it refuses goes on and is logged"
        + (denies ? "; except what --deny names" : "");
  }

  private static List<String> still(ComplainMode.Result.Made made) {
    List<String> still = new ArrayList<>();
    if (!made.absent().isEmpty()) {
      still.add(
          "ENOSYS as before for "
              + String.join(", ", made.absent())
              + ": programs then go another way, as they will when the profile is enforced; use"
              + " --allow to let them through");
    }
    if (!made.killed().isEmpty()) {
      still.add(
          "programs of "
              + made.killed().stream()
                  .map(Architecture::name)
                  .map(name -> name.toLowerCase(Locale.ROOT))
                  .collect(Collectors.joining(" and "))
              + " are killed as before: the profile does not list "
              + (made.killed().size() == 1 ? "that architecture" : "these architectures"));
    }
    if (asks(made.profile())) {
      still.add("SCMP_ACT_NOTIFY stays: its listener may refuse calls");
    }
    return still;
  }

  private static boolean asks(ResolvedProfile profile) {
    return profile.defaultOutcome().action() == Action.NOTIFY
        || profile.rules().stream().anyMatch(rule -> rule.outcome().action() == Action.NOTIFY);
  }
}
