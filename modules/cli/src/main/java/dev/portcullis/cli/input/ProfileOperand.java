package dev.portcullis.cli.input;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.seccomp.compare.Beside;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.json.ReadingMode;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.resolve.Target;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A profile on the command line, as it is written.
///
/// @param text as it was given
/// @param profile null where there is none
/// @param beside what decides beside its filter; nothing where there is no profile
/// @param complaints why not
/// @param notes where runtimes read something else than what seems to stand there
public record ProfileOperand(
    String text,
    @Nullable Profile profile,
    Beside beside,
    List<Diagnostic> complaints,
    List<String> notes) {
  /// Profiles of a file in a complaint.
  private static final int MOST_NAMED = 10;

  public ProfileOperand {
    complaints = List.copyOf(complaints);
    notes = List.copyOf(notes);
  }

  /// The profile of a file, a built-in default, or `runtime/default`.
  ///
  /// @param target has the capabilities that a runtime's default is wanted for
  /// @param runtime that is asked for its default
  /// @param input what `-` stands for
  /// @throws UsageException where it is said by what has no text: `unconfined`, `pid:N`
  public static ProfileOperand read(
      String text, ReadingMode mode, Target target, RuntimeQuestion runtime, StandardInput input)
      throws UsageException {
    if (text.equals("unconfined") || ProcessArgument.isOne(text)) {
      throw new UsageException(
          "\""
              + text
              + "\" is not a profile file; give a file, or a name such as "
              + RuntimeDefaultArgument.NAME
              + " or containerd/default");
    }
    return text.equals(RuntimeDefaultArgument.NAME)
        ? RuntimeDefaultArgument.read(runtime, target.capabilities())
        : read(text, mode, input);
  }

  /// The profile of a file, or a built-in default.
  private static ProfileOperand read(String file, ReadingMode mode, StandardInput input) {
    if (BuiltInDefaultArgument.isOne(file)) {
      return BuiltInDefaultArgument.read(file);
    }
    ProfileFiles.Contents read = ProfileFiles.profiles(file, input);
    if (!read.complaints().isEmpty()) {
      return none(file, read.complaints());
    }
    if (read.profiles().size() != 1) {
      return none(
          file,
          List.of(
              new Diagnostic(
                  file
                      + ": holds "
                      + read.profiles().size()
                      + " profiles; name one of them: "
                      + read.profiles().stream()
                          .limit(MOST_NAMED)
                          .map(ProfileFiles.Named::name)
                          .collect(Collectors.joining(", ")),
                  ExitCode.REFUSED)));
    }
    ProfileFiles.Named only = read.profiles().getFirst();
    return of(only.name(), only.content(), mode);
  }

  /// A profile that came from elsewhere.
  ///
  /// @param text what it is called in complaints
  static ProfileOperand of(String text, byte[] bytes, ReadingMode mode) {
    return switch (ProfileReader.read(bytes, mode)) {
      case ProfileParseResult.Read(Profile profile, List<Finding> warnings) ->
          new ProfileOperand(
              text, profile, Beside.of(profile, warnings), List.of(), notes(text, warnings));
      case ProfileParseResult.Rejected rejected ->
          none(
              text,
              rejected.findings().stream()
                  .map(finding -> Diagnostic.malformed(text, finding.at(), said(finding)))
                  .toList());
    };
  }

  /// No profile, and why.
  static ProfileOperand none(String text, List<Diagnostic> complaints) {
    return new ProfileOperand(text, null, Beside.NONE, complaints, List.of());
  }

  private static List<String> notes(String text, List<Finding> warnings) {
    return warnings.stream()
        .filter(each -> each.problem() == Problem.READS_DIFFERENTLY)
        .map(each -> Diagnostic.place(text, each.at()) + ": " + said(each))
        .toList();
  }

  private static String said(Finding finding) {
    return finding.message() + " [" + finding.problem().id() + "]";
  }
}
