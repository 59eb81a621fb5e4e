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
import dev.portcullis.node.measure.NodeMetrics;
import dev.portcullis.node.proxy.ProfileGate;
import dev.portcullis.node.proxy.RecordStore;
import dev.portcullis.node.systemd.ServiceManager;
import dev.portcullis.node.truth.NodeInspector;
import dev.portcullis.seccomp.compile.Compiler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A node that is served. It puts the packages together, and is the only one that knows them all.
public final class NodeServer implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(NodeServer.class.getName());

  /// What calls under way may still take once it stops. Pulling an image takes longer; the kubelet
  /// tries again.
  private static final Duration GRACE = Duration.ofSeconds(10);

  /// That libseccomp has for a filter: while it has it, a kubelet waits for a container.
  private static final Duration LIBSECCOMP = Duration.ofSeconds(5);

  private final NodeOptions options;
  private final NodeMetrics metrics = new NodeMetrics();
  private final BoundedCompiler compiling = BoundedCompiler.ofServer(LIBSECCOMP);
  private final ContainerMonitor containers;
  private final LookSchedule looks;
  private final List<NodeFeature> features;
  private final ProfileGate gate;
  private final RuntimeImages images;
  private final Relay relay;
  private final NodeHealth health;

  private NodeServer(NodeOptions options, ServiceManager manager, String osArch)
      throws IOException, CriException {
    this.options = options;
    Compiler compiler = Compiler.by(compiling);
    Snapshots snapshots = new Snapshots(options.snapshots());
    RecordStore records = new RecordStore(options.records());
    ThisMachine machine = ThisMachine.ask(osArch);
    images = new RuntimeImages(options.runtimeEndpoint());
    containers =
        new ContainerMonitor(
            options.runtimeEndpoint(), snapshots, records, compiler, metrics, this::looked);
    looks = new LookSchedule(containers::look);
    RecordingFeature recording = recording(machine, compiler);
    features = features(machine, recording);
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
            new GateLog(metrics, recording, this::removed));
    relay =
        Relay.serve(
            options.listen(),
            options.runtimeEndpoint(),
            options.profileRoot(),
            gate,
            (method, code, _) -> called(method, code));
    health = new NodeHealth(options.health(), manager, relay, containers::problem, this::metrics);
  }

  private @Nullable RecordingFeature recording(ThisMachine machine, Compiler compiler) {
    return options.recordings() == null
        ? null
        : new RecordingFeature(
            machine,
            options.recordings(),
            options.recordingsNamespace(),
            options.distribution(),
            compiler,
            looks::containerMayHaveStarted);
  }

  private List<NodeFeature> features(ThisMachine machine, @Nullable RecordingFeature recording) {
    List<NodeFeature> wanted = new ArrayList<>();
    if (options.distribution() != null) {
      wanted.add(
          new ProfileSync(
              options.distribution(),
              options.profileRoot(),
              options.runtimeEndpoint(),
              containers::alarms));
    }
    if (options.denials() != null) {
      wanted.add(
          new DenialFeature(machine.architecture(), options.denials(), options.distribution()));
    }
    if (recording != null) {
      wanted.add(recording);
    }
    return List.copyOf(wanted);
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
    health.listen();
    String words =
        "serving CRI on " + options.listen() + " for the runtime at " + options.runtimeEndpoint();
    LOG.log(
        Level.INFO,
        words,
        new MappingBuilder()
            .put("health", "http://" + health.address())
            .put("profileRoot", options.profileRoot().toString())
            .put("defaultProfile", options.defaultProfile().text())
            .build());
    looks.begin(List.of(this::rehearse, AbandonedTraces::remove));
    health.ready(words);
    features.forEach(NodeFeature::begin);
  }

  private void rehearse() {
    try {
      gate.rehearse();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the rehearsal of a container failed", e);
    }
  }

  private void looked(NodeInspector.Look look) {
    features.forEach(feature -> feature.looked(look));
  }

  private void removed() {
    features.forEach(NodeFeature::removed);
    looks.containerMayHaveGone();
  }

  private void called(String method, String code) {
    metrics.called(method, code);
    if (method.endsWith("StartContainer")
        && code.equals("OK")
        && features.stream().anyMatch(NodeFeature::followsStarts)) {
      looks.containerMayHaveStarted();
    }
  }

  private String metrics() {
    StringBuilder page = new StringBuilder(metrics.page());
    features.forEach(feature -> page.append(feature.metrics()));
    return page.toString();
  }

  /// Takes no further calls. {@link #close} waits for those under way.
  public void drain() {
    LOG.info("stopping");
    health.stopping();
    looks.drain();
    relay.drain();
  }

  @Override
  public void close() throws IOException {
    features.forEach(NodeFeature::drain);
    health.endNotifications();
    looks.close();
    try {
      // Calls that are under way may still notify the features of a container.
      relay.close(GRACE);
    } finally {
      features.reversed().forEach(NodeFeature::close);
      health.close();
      containers.close();
      images.close();
      compiling.close();
    }
  }
}
