package dev.portcullis.cli.input;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.runtime.RuntimeDefaultProfile;
import dev.portcullis.seccomp.json.ReadingMode;
import java.util.List;
import java.util.Set;

/// `runtime/default` on the command line: the profile that the runtime says it gave to a container
/// that runs here. Where there is no runtime, and none was named, the newest built-in default of
/// containerd stands in, under its own name.
final class RuntimeDefaultArgument {
  static final String NAME = "runtime/default";

  private static final String STAND_IN = "containerd/default";

  private RuntimeDefaultArgument() {}

  /// Asks the runtime.
  ///
  /// @param capabilities of the container that it is wanted for
  static ProfileOperand read(RuntimeQuestion runtime, Set<String> capabilities) {
    if (runtime.standsIn()) {
      ProfileOperand builtIn = BuiltInDefaultArgument.read(STAND_IN);
      return new ProfileOperand(
          builtIn.text(),
          builtIn.profile(),
          builtIn.beside(),
          builtIn.complaints(),
          List.of(
              NAME
                  + ": no runtime is at "
                  + runtime.endpoint()
                  + ", so this is "
                  + builtIn.text()
                  + ", which is built in; name the socket of a runtime with --runtime-endpoint, or"
                  + " the release that you mean, such as "
                  + STAND_IN
                  + "@1.7"));
    }
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
