package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CommandCompiler;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.FilterArgument;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.recording.RecordedProfile;
import dev.portcullis.seccomp.recording.Recording;
import dev.portcullis.seccomp.recording.RecordingCheck;
import java.util.ArrayList;
import java.util.List;

/// Holds the filter that libseccomp makes of a recorded profile against the recording.
final class MadeProfileCheck {
  private MadeProfileCheck() {}

  /// What is wrong with it; nothing where every recorded call passes.
  ///
  /// @param what the profile is called
  static List<Diagnostic> complaints(String what, Recording seen, RecordedProfile made) {
    List<Diagnostic> complaints = new ArrayList<>();
    for (Dialect dialect : List.of(Dialect.RUNC, Dialect.CRUN)) {
      FilterArgument argument =
          FilterArgument.of(what, CommandCompiler.get().compile(made.profile(), dialect));
      complaints.addAll(argument.complaints());
      Filters filters = argument.filters();
      if (filters != null) {
        for (String call : RecordingCheck.refused(seen, filters)) {
          complaints.add(
              new Diagnostic(
                  "libseccomp makes a filter of " + what + " that refuses " + call,
                  ExitCode.REFUSED));
        }
      }
    }
    return complaints;
  }
}
