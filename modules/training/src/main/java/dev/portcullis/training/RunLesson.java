package dev.portcullis.training;

import java.io.IOException;
import java.util.List;

/// Two pods on a runtime: one that runs unconfined to its end, and one that is stopped, as it has
/// not the filter that it should have.
final class RunLesson {
  /// What was made could not be as it should: `ExitCode.WORLD`.
  private static final int NOT_FILTERED = 3;

  private RunLesson() {}

  static void take(Launcher launcher) throws IOException, InterruptedException {
    try (TemporaryDirectory directory = TemporaryDirectory.make();
        StubRuntime runtime = StubRuntime.listen(directory.resolve("runtime.sock"));
        Trainee trainee =
            launcher.start(
                List.of(
                    "run",
                    "--runtime-endpoint=" + runtime.endpoint(),
                    "--seccomp-profile-root=examples/profiles",
                    "examples/trustworthy-pod.yaml",
                    "examples/explorer.yaml"))) {
      trainee.awaitEnd(NOT_FILTERED);
    }
  }
}
