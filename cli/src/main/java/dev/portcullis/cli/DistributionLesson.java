package dev.portcullis.cli;

import dev.portcullis.node.DistributionOptions;
import dev.portcullis.node.DistributionServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/// Profiles that arrive from a cluster once, as {@link Training} has it.
final class DistributionLesson {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// The cluster is told what there is some moments after there is something.
  private static final Duration TELLING = Duration.ofSeconds(5);

  private DistributionLesson() {}

  static void take() throws IOException {
    Path directory = Files.createTempDirectory("portcullis-training");
    Path arriving = directory.resolve("seccomp/training.json");
    try (PretendedCluster cluster = PretendedCluster.start();
        DistributionServer server =
            DistributionServer.start(
                new DistributionOptions(
                    "portcullis-profiles", cluster.kubeconfig(), "training", null),
                directory.resolve("seccomp"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!Files.exists(arriving)) {
        if (System.nanoTime() > deadline) {
          throw new IOException("no profile arrives");
        }
        Thread.sleep(50);
      }
      Thread.sleep(TELLING);
      for (String page : new String[] {"healthz", "readyz", "metrics"}) {
        try (var body =
            URI.create("http://127.0.0.1:" + server.healthAddress().getPort() + "/" + page)
                .toURL()
                .openStream()) {
          body.readAllBytes();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
