package dev.portcullis.node;

import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.container.proof.Proof;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.runtime.KnownRuntime;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.node.measure.NodeMetrics;
import dev.portcullis.node.proxy.RecordStore;
import dev.portcullis.node.truth.ContainerFacts;
import dev.portcullis.node.truth.ContainerProofs;
import dev.portcullis.node.truth.NodeInspector;
import dev.portcullis.seccomp.compile.Compiler;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Inspects the containers again and again: reports those that should be filtered and are not, and
/// removes snapshots that no container needs.
///
/// For one thread, but for {@link #problem} and {@link #alarms}.
final class ContainerMonitor implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ContainerMonitor.class.getName());

  private final String endpoint;
  private final Snapshots snapshots;
  private final RecordStore records;
  private final NodeMetrics metrics;
  private final Consumer<NodeInspector.Look> listener;
  private final NodeInspector truth;
  private volatile Set<String> alarms = Set.of();
  private @Nullable Cri cri;
  private final CurrentProblem problem =
      new CurrentProblem(
          LOG, "cannot inspect the containers", "the runtime has not been asked yet");

  /// @param listener is notified of each look
  ContainerMonitor(
      String endpoint,
      Snapshots snapshots,
      RecordStore records,
      Compiler compiler,
      NodeMetrics metrics,
      Consumer<NodeInspector.Look> listener) {
    this.records = records;
    this.endpoint = endpoint;
    this.snapshots = snapshots;
    this.metrics = metrics;
    this.listener = listener;
    truth = new NodeInspector(new ContainerProofs(snapshots, false, compiler), records);
  }

  /// Why the runtime could not be asked last; empty where it could.
  String problem() {
    return problem.why();
  }

  /// How many containers should be filtered and were not, when they were last looked at.
  int alarms() {
    return alarms.size();
  }

  /// Looks once. Nothing that goes wrong ends the looking.
  @SuppressWarnings("CatchingUnchecked") // a schedule forgets a task that throws
  void look() {
    try {
      Cri runtime = cri;
      if (runtime == null) {
        runtime = Cri.observe(endpoint);
        cri = runtime;
        recognise(runtime);
      }
      Snapshots.Sweep sweep = snapshots.sweep();
      List<String> kept = records.ids();
      NodeInspector.Look look = truth.look(runtime);
      sweep.keep(look.snapshots());
      records.forget(kept, look.ids());
      metrics.looked(look.running());
      listener.accept(look);
      alarm(look);
      well();
    } catch (CriException | IOException failed) {
      lost(String.valueOf(failed.getMessage()));
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException bug) {
      LOG.log(Level.SEVERE, "a bug in Portcullis", bug);
      lost("a bug in Portcullis: " + bug);
    }
  }

  /// Said whenever a connection is made: the runtime may have been upgraded.
  private static void recognise(Cri runtime) throws CriException {
    KnownRuntime known = KnownRuntime.ask(runtime);
    boolean doubtful = known.facts() == null || !known.facts().doubt().isEmpty();
    LOG.log(doubtful ? Level.WARNING : Level.INFO, known.words());
  }

  private void well() {
    if (problem.clear()) {
      LOG.info("the runtime at " + endpoint + " answers");
    }
  }

  private void lost(String why) {
    problem.is(why);
    metrics.unreachable();
    close();
  }

  private void alarm(NodeInspector.Look look) {
    Set<String> now = new HashSet<>();
    for (ContainerFacts container : look.running()) {
      if (container.state().isBad()) {
        now.add(container.id());
        if (!alarms.contains(container.id())) {
          LOG.log(Level.SEVERE, words(container.state()), fields(container));
        }
      }
    }
    alarms = now;
  }

  private static String words(ContainerFacts.State state) {
    return switch (state) {
      case DIFFERENT -> "a container does not have the filter of its profile";
      case UNPROVEN -> "it cannot be proven that a container has the filter of its profile";
      case CHANGED -> "the runtime reports a container with other values than were asked for";
      case EXCESS -> "a container has more rights than were requested";
      case ALARM, FILTERED, PROVEN, EQUAL, UNCONFINED, FOREIGN, UNSEEN ->
          "a container has no filter although its profile needs one";
    };
  }

  private static Mapping fields(ContainerFacts container) {
    var record = container.record();
    var kernel = container.kernel();
    MappingBuilder fields =
        new MappingBuilder()
            .put("pod", container.pod())
            .put("container", container.name())
            .put("id", container.id())
            .put("profile", record == null ? "" : record.profile())
            .put("mode", kernel == null ? -1 : kernel.mode().number());
    if (!container.excess().isEmpty()) {
      fields.put("excess", String.join("; ", container.excess()));
    }
    Proof proof = container.proof();
    if (proof != null) {
      fields.put("reason", proof.detail());
    }
    return fields.build();
  }

  @Override
  public void close() {
    Cri open = cri;
    cri = null;
    if (open != null) {
      open.close();
    }
  }
}
