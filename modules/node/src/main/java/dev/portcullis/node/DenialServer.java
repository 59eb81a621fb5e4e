package dev.portcullis.node;

import dev.portcullis.compilation.BoundedCompiler;
import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.node.health.HealthEndpoint;
import dev.portcullis.node.health.HealthEndpoint.Page;
import dev.portcullis.node.measure.NodeMetrics;
import dev.portcullis.node.proxy.RecordStore;
import dev.portcullis.seccomp.compile.Compiler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The watch of refused calls alone, without a proxy: for a kubelet that has its runtime to itself.
///
/// It is not notified when a container starts, so it asks the runtime again and again.
public final class DenialServer implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(DenialServer.class.getName());
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);

  /// A volume of a runtime's socket has the old one when that was started again: only a container
  /// that begins anew gets the new one.
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);

  /// Only for the proofs that pods of a proxy ask for.
  private static final Duration LIBSECCOMP = Duration.ofSeconds(5);

  private final NodeMetrics metrics = new NodeMetrics();
  private final BoundedCompiler compiling = BoundedCompiler.ofServer(LIBSECCOMP);
  private final DenialFeature denials;
  private final ContainerMonitor watching;
  private final HealthEndpoint health;
  private volatile long answered = System.nanoTime();
  private final ScheduledThreadPoolExecutor looking =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("looking").factory());

  private DenialServer(DenialServerOptions options, String osArch) throws IOException {
    denials = new DenialFeature(ThisMachine.ask(osArch).architecture(), options.denials(), null);
    watching =
        new ContainerMonitor(
            options.runtimeEndpoint(),
            new Snapshots(options.snapshots()),
            new RecordStore(options.records()),
            Compiler.by(compiling),
            metrics,
            denials::looked);
    health =
        new HealthEndpoint(
            options.health(),
            Map.of(
                "/healthz", this::health,
                "/readyz", this::readiness,
                "/metrics",
                    () ->
                        new Page(
                            200, NodeMetrics.CONTENT_TYPE, metrics.page() + denials.metrics())));
  }

  /// Begins. The runtime need not be there.
  ///
  /// @param osArch the Java platform's name of the architecture (`os.arch`)
  public static DenialServer start(DenialServerOptions options, String osArch) throws IOException {
    DenialServer server = new DenialServer(options, osArch);
    try {
      server.health.listen();
    } catch (IOException taken) {
      server.close();
      throw taken;
    }
    server.begin(options);
    return server;
  }

  private void begin(DenialServerOptions options) {
    InetSocketAddress address = health.address();
    LOG.log(
        Level.INFO,
        "watching the refused calls of the containers of {0}; health pages on {1}",
        new Object[] {
          options.runtimeEndpoint(), address.getHostString() + ":" + address.getPort()
        });
    AbandonedTraces.remove();
    denials.begin();
    var _ =
        looking.scheduleWithFixedDelay(
            this::look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    watching.look();
    if (watching.problem().isEmpty()) {
      answered = System.nanoTime();
    }
  }

  private Page health() {
    return System.nanoTime() - answered > LONGEST_SILENCE.toNanos()
        ? Page.text(503, "the runtime does not answer: " + watching.problem())
        : Page.text(200, "ok");
  }

  private Page readiness() {
    String problem = watching.problem().isEmpty() ? denials.problem() : watching.problem();
    return problem.isEmpty() ? Page.text(200, "ok") : Page.text(503, problem);
  }

  @Override
  public void close() {
    looking.shutdownNow();
    denials.close();
    health.close();
    watching.close();
    compiling.close();
  }
}
