package dev.portcullis.cli.input;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.runtime.RuntimeDefaultProfile;
import dev.portcullis.seccomp.json.ReadingMode;
import java.util.List;
import java.util.Set;

/// `runtime/default` on the command line: the profile that the runtime says it gave to a container
/// that runs here.
final class RuntimeDefaultArgument {
  static final String NAME = "runtime/default";

  private RuntimeDefaultArgument() {}

  /// Asks the runtime.
  ///
  /// @param capabilities of the container that it is wanted for
  static ProfileOperand read(RuntimeQuestion runtime, Set<String> capabilities) {
    try {
      return switch (runtime.search(capabilities)) {
        case RuntimeDefaultProfile.Found found ->
            ProfileOperand.of(NAME, found.given().profile().orElseThrow(), ReadingMode.STRICT);
        case RuntimeDefaultProfile.NotFound(String reason) ->
            failed(NAME + " of the runtime at " + runtime.endpoint() + ": " + reason);
      };
    } catch (CriException e) {
      return failed(RuntimeQuestion.unreachable(e));
    }
  }

  private static ProfileOperand failed(String why) {
    return ProfileOperand.none(NAME, List.of(new Diagnostic(why, ExitCode.WORLD)));
  }
}
