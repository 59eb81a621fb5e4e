package dev.portcullis.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Profiles that arrive from a cluster once.
final class DistributionLesson {
  /// The node reports to the cluster some moments after it has something to report.
  private static final Duration UNTIL_TOLD = Duration.ofSeconds(5);

  private DistributionLesson() {}

  static void take(Launcher launcher) throws IOException, InterruptedException {
    int port = Loopback.freePort();
    try (TemporaryDirectory directory = TemporaryDirectory.make();
        StubApiServer cluster = StubApiServer.start(directory.resolve("kubeconfig"));
        Trainee trainee =
            launcher.start(
                List.of(
                    "node",
                    "distribute",
                    "--kubeconfig=" + cluster.kubeconfig(),
                    "--node-name=training",
                    "--seccomp-profile-root=" + directory.resolve("seccomp"),
                    "--health-listen=127.0.0.1:" + port))) {
      Path arriving = directory.resolve("seccomp/training.json");
      trainee.await("a profile arrives", () -> Files.exists(arriving));
      Thread.sleep(UNTIL_TOLD);
      Loopback.readPages(port);
      trainee.terminate();
    }
  }
}
