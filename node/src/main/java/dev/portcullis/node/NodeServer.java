package dev.portcullis.node;

import dev.portcullis.compilation.BoundedCompiler;
import dev.portcullis.container.profiles.ProfileRoot;
import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.Relay;
import dev.portcullis.cri.RuntimeImages;
import dev.portcullis.cri.runtime.DefaultCapabilities;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.kernel.trace.TraceInstance;
import dev.portcullis.node.denial.DenialFile;
import dev.portcullis.node.denial.DenialMonitor;
import dev.portcullis.node.health.HealthEndpoint;
import dev.portcullis.node.health.HealthEndpoint.Page;
import dev.portcullis.node.measure.DenialMetrics;
import dev.portcullis.node.measure.DistributionMetrics;
import dev.portcullis.node.measure.NodeMetrics;
import dev.portcullis.node.proxy.ContainerRecord;
import dev.portcullis.node.proxy.GateListener;
import dev.portcullis.node.proxy.ProfileGate;
import dev.portcullis.node.proxy.RecordStore;
import dev.portcullis.node.proxy.RecordableContainer;
import dev.portcullis.node.recording.RecordingMonitor;
import dev.portcullis.node.systemd.ServiceManager;
import dev.portcullis.pods.spec.SeccompKeys;
import dev.portcullis.seccomp.compile.Compiler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A node that is served. It puts the packages together, and is the only one that knows them all.
public final class NodeServer implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(NodeServer.class.getName());

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(15);

  /// After a removal: a pod's containers go together.
  private static final Duration SETTLING = Duration.ofSeconds(2);

  /// What calls under way may still take once it stops. Pulling an image takes longer; the kubelet
  /// tries again.
  private static final Duration GRACE = Duration.ofSeconds(10);

  /// That libseccomp has for a filter: while it has it, a kubelet waits for a container.
  private static final Duration LIBSECCOMP = Duration.ofSeconds(5);

  private final NodeOptions options;
  private final ServiceManager manager;
  private final NodeMetrics metrics = new NodeMetrics();
  private final BoundedCompiler compiling;
  private final ContainerMonitor watching;
  private final ProfileGate gate;
  private final RuntimeImages images;
  private final Relay relay;
  private final HealthEndpoint health;
  private final @Nullable ProfileSync distribution;
  private final @Nullable DenialMonitor denials;
  private final @Nullable DenialEvents denialEvents;
  private final @Nullable ProposalPublisher proposals;
  private final @Nullable RecordingMonitor recordings;
  private final @Nullable RecordingWishes wishes;
  private final DenialMetrics denialMetrics = new DenialMetrics();
  private final DistributionMetrics distributionMetrics = new DistributionMetrics();
  private final ScheduledThreadPoolExecutor looking = schedule("looking");
  private final ScheduledThreadPoolExecutor living = schedule("living");
  private final AtomicBoolean lookIsDue = new AtomicBoolean();
  private final AtomicBoolean startIsDue = new AtomicBoolean();
  private volatile boolean stopping;

  private NodeServer(NodeOptions options, ServiceManager manager, String osArch)
      throws IOException, CriException {
    this.options = options;
    this.manager = manager;
    compiling = BoundedCompiler.ofServer(LIBSECCOMP);
    Compiler compiler = Compiler.by(compiling);
    Snapshots snapshots = new Snapshots(options.snapshots());
    images = new RuntimeImages(options.runtimeEndpoint());
    RecordStore records = new RecordStore(options.records());
    ThisMachine machine = ThisMachine.ask(osArch);
    Path denialFile = options.denials();
    DistributionOptions cluster = options.distribution();
    denialEvents = denialFile == null || cluster == null ? null : new DenialEvents(cluster);
    denials =
        denialFile == null
            ? null
            : new DenialMonitor(
                machine.architecture(),
                new DenialFile(denialFile),
                new DenialCounts(denialMetrics, denialEvents));
    Path recorded = options.recordings();
    String forPeople = options.recordingsNamespace();
    proposals =
        recorded == null || cluster == null || forPeople == null
            ? null
            : new ProposalPublisher(cluster, forPeople);
    recordings =
        recorded == null
            ? null
            : new RecordingMonitor(
                machine,
                recorded,
                compiler,
                proposal -> {
                  if (proposals != null) {
                    proposals.publish(proposal);
                  }
                });
    wishes =
        recordings == null || cluster == null
            ? null
            : new RecordingWishes(cluster, recordings, () -> lookIn(Duration.ZERO, startIsDue));
    watching =
        new ContainerMonitor(
            options.runtimeEndpoint(),
            snapshots,
            records,
            compiler,
            metrics,
            look -> {
              if (denials != null) {
                denials.running(look.running());
              }
              if (recordings != null) {
                recordings.looked(look);
              }
            });
    gate =
        new ProfileGate(
            new ProfileRoot(options.profileRoot()),
            options.listeners(),
            options.defaultProfile(),
            machine,
            DefaultCapabilities.behind(options.runtimeEndpoint(), options.defaultCapabilities()),
            snapshots,
            records,
            images::annotations,
            compiler,
            new GateLog());
    health =
        new HealthEndpoint(
            options.health(),
            Map.of(
                "/healthz", this::health,
                "/readyz", this::readiness,
                "/metrics", () -> new Page(200, NodeMetrics.CONTENT_TYPE, metrics())));
    relay =
        Relay.serve(
            options.listen(),
            options.runtimeEndpoint(),
            options.profileRoot(),
            gate,
            (method, code, _) -> called(method, code));
    distribution =
        options.distribution() == null
            ? null
            : new ProfileSync(
                options.distribution(),
                options.profileRoot(),
                options.runtimeEndpoint(),
                watching::alarms,
                distributionMetrics);
  }

  private String metrics() {
    return metrics.page()
        + (distribution == null ? "" : distributionMetrics.page())
        + (denials == null ? "" : denialMetrics.page());
  }

  /// Serves. The runtime need not be there yet.
  ///
  /// @param osArch the Java platform's name of the architecture (`os.arch`)
  public static NodeServer start(NodeOptions options, ServiceManager manager, String osArch)
      throws IOException {
    try {
      NodeServer server = new NodeServer(options, manager, osArch);
      server.begin();
      return server;
    } catch (CriException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private void begin() {
    serveHealth();
    String words =
        "serving CRI on " + options.listen() + " for the runtime at " + options.runtimeEndpoint();
    LOG.log(
        Level.INFO,
        words,
        new MappingBuilder()
            .put("health", "http:/" + health.address())
            .put("profileRoot", options.profileRoot().toString())
            .put("defaultProfile", options.defaultProfile().text())
            .build());
    looking.execute(this::rehearse);
    looking.execute(NodeServer::removeTraces);
    var _ =
        looking.scheduleWithFixedDelay(
            watching::look, 0, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    tell(() -> manager.ready(words));
    if (distribution != null) {
      distribution.begin();
    }
    if (denials != null) {
      denials.begin();
    }
    if (recordings != null) {
      recordings.begin();
    }
    if (wishes != null) {
      wishes.begin();
    } else if (recordings != null) {
      LOG.info(
          "pods that run already are not recorded when they get the annotation "
              + SeccompKeys.RECORD
              + ", only when a container of theirs is made: this needs the API server"
              + " (--profiles-namespace)");
    }
    Duration watchdog = manager.watchdog();
    if (watchdog != null) {
      var _ =
          living.scheduleWithFixedDelay(
              this::tellAlive, 0, watchdog.toMillis() / 3, TimeUnit.MILLISECONDS);
    }
  }

  private static ScheduledThreadPoolExecutor schedule(String name) {
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name(name).factory());
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return executor;
  }

  /// Where the health pages are, `127.0.0.1:10289`.
  public String healthAddress() {
    return health.address().getHostString() + ":" + health.address().getPort();
  }

  /// Without these pages the node still has its containers, so a port that is taken is no reason to
  /// end.
  private void serveHealth() {
    try {
      health.listen();
      LOG.info("health pages on " + healthAddress());
    } catch (IOException e) {
      LOG.severe(
          e.getMessage()
              + ": /healthz, /readyz and /metrics are not served until this works; CRI is served."
              + " Stop the process that listens there, or change --health-listen");
      var _ = living.schedule(this::serveHealth, BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private boolean alive() {
    try {
      return relay.alive(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void tellAlive() {
    if (alive()) {
      tell(manager::alive);
    } else {
      LOG.severe(
          "no longer accepting calls; systemd's watchdog is not notified, and restarts the"
              + " service");
    }
  }

  private interface Notification {
    void tell() throws IOException;
  }

  private static void tell(Notification notification) {
    try {
      notification.tell();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "cannot notify the service manager", e);
    }
  }

  private void rehearse() {
    try {
      gate.rehearse();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the rehearsal of a container failed", e);
    }
  }

  private Page health() {
    if (stopping) {
      // It ends by itself; whoever looks must not kill it.
      return Page.text(200, "stopping");
    }
    return alive() ? Page.text(200, "ok") : Page.text(503, "no longer accepting calls");
  }

  private Page readiness() {
    if (stopping) {
      return Page.text(503, "stopping");
    }
    String problem = watching.problem();
    return problem.isEmpty() ? Page.text(200, "ok") : Page.text(503, problem);
  }

  /// Takes no further calls. {@link #close} waits for those under way.
  public void drain() {
    stopping = true;
    LOG.info("stopping");
    tell(manager::stopping);
    relay.drain();
  }

  @Override
  public void close() throws IOException {
    stopping = true;
    if (distribution != null) {
      distribution.close();
    }
    living.shutdownNow();
    looking.shutdownNow();
    try {
      // Calls that are under way may still tell the others of a container.
      relay.close(GRACE);
    } finally {
      if (wishes != null) {
        wishes.close();
      }
      if (recordings != null) {
        recordings.close();
      }
      if (denials != null) {
        denials.close();
      }
      if (denialEvents != null) {
        denialEvents.close();
      }
      if (proposals != null) {
        proposals.close();
      }
      health.close();
      watching.close();
      images.close();
      compiling.close();
    }
  }

  private final class GateLog implements GateListener {
    @Override
    public void admitted(Subject subject, ContainerRecord record, @Nullable String note) {
      metrics.created(record, note != null);
      MappingBuilder fields =
          new MappingBuilder()
              .put("pod", subject.pod())
              .put("container", subject.container())
              .put("profile", record.profile())
              .put("origin", record.origin());
      if (record.file() != null) {
        fields.put("sha256", record.file());
      }
      if (note != null) {
        fields.put("note", note);
      }
      LOG.log(note == null ? Level.INFO : Level.WARNING, "container", fields.build());
    }

    @Override
    public void warned(Subject subject, String words) {
      LOG.log(
          Level.WARNING,
          "container made with a warning",
          new MappingBuilder()
              .put("pod", subject.pod())
              .put("container", subject.container())
              .put("reason", words)
              .build());
    }

    @Override
    public void refused(Subject subject, String message) {
      metrics.refused();
      LOG.log(
          Level.WARNING,
          "container refused",
          new MappingBuilder()
              .put("pod", subject.pod())
              .put("container", subject.container())
              .put("reason", message)
              .build());
    }

    @Override
    public void withheld(String pod, List<String> keys) {
      LOG.log(
          Level.WARNING,
          "annotations that runtimes obey are not passed on",
          new MappingBuilder().put("pod", pod).put("annotations", String.join(", ", keys)).build());
    }

    @Override
    public Consumer<String> recordable(RecordableContainer container) {
      if (recordings != null) {
        return recordings.expect(container);
      }
      LOG.log(
          Level.WARNING,
          "a pod asks for a recording, and this agent was started without --record",
          new MappingBuilder()
              .put("pod", container.namespace() + "/" + container.pod())
              .put("container", container.container())
              .build());
      return _ -> {};
    }

    @Override
    public void removed() {
      if (distribution != null) {
        distribution.usersMayHaveEnded();
      }
      lookIn(SETTLING, lookIsDue);
    }
  }

  private void called(String method, String code) {
    metrics.called(method, code);
    if ((denials != null || recordings != null)
        && method.endsWith("StartContainer")
        && code.equals("OK")) {
      lookIn(Duration.ZERO, startIsDue);
    }
  }

  /// An agent before this one may have been killed while it watched refused calls.
  private static void removeTraces() {
    try {
      TraceInstance.removeAbandoned();
    } catch (IOException e) {
      LOG.log(Level.INFO, "cannot look for traces that an agent left behind: {0}", e);
    }
  }

  /// @param due whether one is about to be made already
  private void lookIn(Duration time, AtomicBoolean due) {
    if (due.compareAndSet(false, true) && !stopping) {
      var _ =
          looking.schedule(
              () -> {
                due.set(false);
                watching.look();
              },
              time.toMillis(),
              TimeUnit.MILLISECONDS);
    }
  }
}
