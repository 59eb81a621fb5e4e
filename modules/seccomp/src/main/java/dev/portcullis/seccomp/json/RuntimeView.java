package dev.portcullis.seccomp.json;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.profile.Profile;
import java.util.List;
import java.util.Optional;

/// Whether a runtime reads a file as something else than what it says to a strict reader.
public final class RuntimeView {
  private RuntimeView() {}

  /// A finding where it does.
  ///
  /// Docker's format is none: {@link Profile#dockerOnly} has each part that an OCI runtime skips.
  ///
  /// @param strict what came of reading the content strictly
  public static Optional<Finding> difference(byte[] content, ProfileParseResult strict) {
    return switch (ProfileReader.read(content, ReadingMode.RUNTIME)) {
      case ProfileParseResult.Rejected(List<Finding> findings) ->
          switch (strict) {
            case ProfileParseResult.Rejected _ -> Optional.empty();
            case ProfileParseResult.Read _ ->
                Optional.of(
                    finding(
                        findings.getFirst().at(),
                        "runtimes reject this file: " + findings.getFirst().message()));
          };
      case ProfileParseResult.Read(Profile runtimes, List<Finding> warnings) ->
          switch (strict) {
            case ProfileParseResult.Rejected(List<Finding> errors) ->
                Optional.of(readAllTheSame(warnings, errors));
            case ProfileParseResult.Read(Profile ours, _) ->
                ours.dockerOnly().isEmpty() && !same(ours, runtimes)
                    ? Optional.of(readAllTheSame(warnings, List.of()))
                    : Optional.empty();
          };
    };
  }

  private static boolean same(Profile ours, Profile runtimes) {
    return ProfileWriter.writeDocker(ours).equals(ProfileWriter.writeDocker(runtimes));
  }

  private static Finding readAllTheSame(List<Finding> warnings, List<Finding> errors) {
    Optional<Finding> first =
        warnings.stream().filter(each -> each.problem() == Problem.READS_DIFFERENTLY).findFirst();
    return finding(
        first.or(() -> errors.stream().findFirst()).map(Finding::at).orElse(Position.NONE),
        first.map(Finding::message).orElse("runtimes accept this file")
            + "; use --read-as runtime to see what they read");
  }

  private static Finding finding(Position at, String message) {
    return new Finding(Problem.READS_DIFFERENTLY, at, message);
  }
}
