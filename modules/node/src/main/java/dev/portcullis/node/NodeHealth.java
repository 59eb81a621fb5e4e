package dev.portcullis.node;

import dev.portcullis.cri.Relay;
import dev.portcullis.node.health.HealthEndpoint;
import dev.portcullis.node.health.HealthEndpoint.Page;
import dev.portcullis.node.measure.NodeMetrics;
import dev.portcullis.node.systemd.ServiceManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Whether an agent with a proxy works: for probes and Prometheus by its health pages, and for
/// systemd.
final class NodeHealth implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(NodeHealth.class.getName());
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(15);
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

  private final ServiceManager manager;
  private final Relay relay;
  private final Supplier<String> problem;
  private final HealthEndpoint endpoint;
  private final ScheduledThreadPoolExecutor executor;
  private volatile boolean stopping;

  /// @param address of the health pages, on loopback
  /// @param problem why it is not ready; empty where it is
  /// @param metrics the content of `/metrics`
  NodeHealth(
      InetSocketAddress address,
      ServiceManager manager,
      Relay relay,
      Supplier<String> problem,
      Supplier<String> metrics) {
    this.manager = manager;
    this.relay = relay;
    this.problem = problem;
    endpoint =
        new HealthEndpoint(
            address,
            Map.of(
                "/healthz", this::health,
                "/readyz", this::readiness,
                "/metrics", () -> new Page(200, NodeMetrics.CONTENT_TYPE, metrics.get())));
    executor =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("living").factory());
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Serves the pages. Without them the node still has its containers, so a port that is taken is
  /// no reason to end.
  void listen() {
    try {
      endpoint.listen();
      LOG.info("health pages on " + address());
    } catch (IOException e) {
      LOG.severe(
          e.getMessage()
              + ": /healthz, /readyz and /metrics are not served until this works; CRI is served."
              + " Stop the process that listens there, or change --health-listen");
      var _ = executor.schedule(this::listen, BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /// Where the pages are, `127.0.0.1:10289`.
  String address() {
    InetSocketAddress address = endpoint.address();
    String host = address.getHostString();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  /// Notifies systemd that CRI is served, and keeps notifying its watchdog.
  ///
  /// @param status for people
  void ready(String status) {
    notify(() -> manager.ready(status));
    Duration watchdog = manager.watchdog();
    if (watchdog != null) {
      var _ =
          executor.scheduleWithFixedDelay(
              this::notifyWatchdog, 0, watchdog.toMillis() / 3, TimeUnit.MILLISECONDS);
    }
  }

  /// The agent is about to end.
  void stopping() {
    stopping = true;
    notify(manager::stopping);
  }

  private boolean isAlive() {
    try {
      return relay.alive(LONGEST_ANSWER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void notifyWatchdog() {
    if (isAlive()) {
      notify(manager::alive);
    } else {
      LOG.severe(
          "no longer accepting calls; systemd's watchdog is not notified, and restarts the"
              + " service");
    }
  }

  private interface Notification {
    void send() throws IOException;
  }

  private static void notify(Notification notification) {
    try {
      notification.send();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot notify the service manager", e);
    }
  }

  private Page health() {
    if (stopping) {
      // It ends by itself; a probe must not have it killed.
      return Page.text(200, "stopping");
    }
    return isAlive() ? Page.text(200, "ok") : Page.text(503, "no longer accepting calls");
  }

  private Page readiness() {
    if (stopping) {
      return Page.text(503, "stopping");
    }
    String why = problem.get();
    return why.isEmpty() ? Page.text(200, "ok") : Page.text(503, why);
  }

  /// Ends what it does for systemd; the pages are served until {@link #close}.
  void endNotifications() {
    stopping = true;
    executor.shutdownNow();
  }

  @Override
  public void close() {
    endNotifications();
    endpoint.close();
  }
}
