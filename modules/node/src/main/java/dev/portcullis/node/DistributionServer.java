package dev.portcullis.node;

import dev.portcullis.node.health.HealthEndpoint;
import dev.portcullis.node.health.HealthEndpoint.Page;
import dev.portcullis.node.measure.NodeMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;

/// The distribution of profiles alone, without a proxy: for a kubelet that has its runtime to
/// itself.
public final class DistributionServer implements AutoCloseable {
  private final ProfileSync distribution;
  private final HealthEndpoint health;

  private DistributionServer(DistributionOptions options, Path root, InetSocketAddress listen) {
    distribution = new ProfileSync(options, root, null, () -> 0);
    health =
        new HealthEndpoint(
            listen,
            Map.of(
                "/healthz", () -> Page.text(200, "ok"),
                "/readyz", this::readiness,
                "/metrics", () -> new Page(200, NodeMetrics.CONTENT_TYPE, distribution.metrics())));
  }

  /// Begins. The API server need not be there.
  ///
  /// @param root the profile root
  /// @param listen for the health pages
  public static DistributionServer start(
      DistributionOptions options, Path root, InetSocketAddress listen) throws IOException {
    DistributionServer server = new DistributionServer(options, root, listen);
    try {
      server.health.listen();
    } catch (IOException taken) {
      server.close();
      throw taken;
    }
    server.distribution.begin();
    return server;
  }

  private Page readiness() {
    String state = distribution.state();
    return state.isEmpty() ? Page.text(200, "ok") : Page.text(503, state);
  }

  @Override
  public void close() {
    distribution.close();
    health.close();
  }
}
