package dev.portcullis.node.recording;

import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.node.cluster.PodWish;
import dev.portcullis.node.cluster.ProposalWriter.Proposal;
import dev.portcullis.node.proxy.RecordableContainer;
import dev.portcullis.node.truth.ContainerFacts;
import dev.portcullis.node.truth.NodeInspector;
import dev.portcullis.pods.spec.SeccompKeys;
import dev.portcullis.seccomp.compile.Compiler;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Records the containers of pods that ask for it, and writes for each a profile that is not used
/// until somebody adopts it.
///
/// A pod asks by an annotation. Kubelets report it when they make a container; the API server,
/// where it is watched, also reports each change, and then takes precedence. A request that has
/// ended a recording begins no other one: another request does, and the same once it was taken
/// away.
///
/// It has a thread of its own, which alone touches the recordings. Where it cannot record, it logs
/// that; the rest of the node does not need it.
public final class RecordingMonitor implements AutoCloseable {
  private static final Logger LOG = System.getLogger(RecordingMonitor.class.getName());

  /// Containers that are recorded at once: each has a trace of its own, and each call of the
  /// machine passes all of them.
  public static final int MOST_CONTAINERS = 20;

  /// One that comes again and again would fill the log.
  private static final Duration AFTER_A_BUG = Duration.ofSeconds(1);

  /// A kubelet waits for it.
  private static final Duration UNTIL_READY = Duration.ofSeconds(2);

  private static final Duration BETWEEN_SAVES = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofSeconds(1);

  private final LinkedBlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  private final AtomicLong tickets = new AtomicLong();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("recordings").unstarted(this::run);
  private volatile boolean stopping;

  /// That is not taken yet.
  private final AtomicReference<NodeInspector.@Nullable Look> newest = new AtomicReference<>();

  private final PodRequests requests = new PodRequests();
  private final RecordedPods pods = new RecordedPods();
  private final ContainerTraces traces;
  private final RecordingStore files;

  /// The uids of pods whose files could not be written.
  private final Set<String> unwritten = new HashSet<>();

  private long saved = System.nanoTime();

  private interface Step {
    void take() throws IOException;
  }

  /// @param directory where the results go
  /// @param compiler checks them
  /// @param listener gets each result; must not block
  public RecordingMonitor(
      ThisMachine machine, Path directory, Compiler compiler, Consumer<Proposal> listener) {
    traces = new ContainerTraces(machine, pods);
    files =
        new RecordingStore(
            new ProposalDirectory(directory),
            new ProposalMaker(machine.architecture(), compiler),
            listener,
            () -> steps.add(() -> {}));
  }

  /// Begins, with what an agent before this one has left.
  public void begin() {
    steps.add(() -> files.restore().forEach(pods::put));
    thread.start();
  }

  /// A container is about to be made whose pod asks for a recording. Returns once its first call
  /// would be seen, or after two seconds.
  ///
  /// @return is given the id that the runtime gave the container
  public Consumer<String> expect(RecordableContainer container) {
    PodWish told =
        new PodWish(
            container.namespace(), container.pod(), container.podUid(), container.request());
    if (!PodRequests.check(told)) {
      return _ -> {};
    }
    if (!RecordedPod.canBeNamed(told, container.container())) {
      PodRequests.sayUnnamed(told);
      return _ -> {};
    }
    long ticket = tickets.incrementAndGet();
    CompletableFuture<Boolean> ready = new CompletableFuture<>();
    steps.add(() -> {
      try {
        follow(ticket, container, told);
      } finally {
        ready.complete(true);
      }
    });
    try {
      ready.get(UNTIL_READY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException busy) {
      steps.add(() ->
          traces.doubt(
              container,
              "the agent was busy when it was made: what it did in its first moment may be missing"));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug);
    }
    return id -> steps.add(() -> traces.become(container.podUid(), ticket, id));
  }

  /// So a pod is in the API server.
  ///
  /// @param look is run where its containers may run already, and are to be looked for
  public void wished(PodWish wish, Runnable look) {
    steps.add(() -> heed(wish, look));
  }

  /// One has gone from the API server.
  public void forget(PodWish last) {
    steps.add(() -> requests.forget(last));
  }

  /// So the node is. Where another look comes before this one is taken, it counts alone.
  public void looked(NodeInspector.Look look) {
    if (newest.getAndSet(look) == null) {
      steps.add(() -> look(Objects.requireNonNull(newest.getAndSet(null), "it was set")));
    }
  }

  @SuppressWarnings("CatchingUnchecked") // nothing else would report it
  private void run() {
    while (!stopping) {
      try {
        Step step = steps.poll(traces.pause(IDLE).toMillis(), TimeUnit.MILLISECONDS);
        while (step != null) {
          step.take();
          step = steps.poll();
        }
        traces.poll();
        keep();
      } catch (InterruptedException stop) {
        break;
      } catch (IOException failed) {
        LOG.log(Level.WARNING, "cannot keep a recording: {0}", failed.getMessage());
      } catch (Throwable bug) {
        // Also of an error: a thread that is gone would leave recordings that look alive.
        LOG.log(Level.ERROR, "a bug in Portcullis", bug);
        LockSupport.parkNanos(AFTER_A_BUG.toNanos());
      }
    }
    stop();
  }

  /// Writes what is to be written now.
  private void keep() {
    boolean isTimeToSave = System.nanoTime() - saved >= BETWEEN_SAVES.toNanos();
    if (isTimeToSave) {
      saved = System.nanoTime();
    }
    for (RecordedPod pod : pods.all()) {
      if (isTimeToSave) {
        traces.dropUnmade(pod);
      }
      if (pod.hasEnded()) {
        continue;
      }
      if (!pod.isOver()) {
        if (isTimeToSave) {
          alone(pod, () -> files.save(pod));
        }
      } else if (isTimeToSave || !unwritten.contains(pod.uid())) {
        alone(pod, () -> finish(pod));
      }
    }
  }

  /// What cannot be written of one is tried again with the next save, and no matter of the others.
  private void alone(RecordedPod pod, Step step) {
    try {
      step.take();
      unwritten.remove(pod.uid());
    } catch (IOException failed) {
      unwritten.add(pod.uid());
      LOG.log(
          Level.WARNING,
          "cannot keep the recording of pod {0}: {1}",
          pod.label(),
          failed.getMessage());
    }
  }

  private void finish(RecordedPod pod) throws IOException {
    files.finish(pod);
    if (pod.hasEnded() && pod.hasGone()) {
      drop(pod);
    }
  }

  private void drop(RecordedPod pod) throws IOException {
    pods.remove(pod);
    files.removeSession(pod);
  }

  private void heed(PodWish wish, Runnable look) throws IOException {
    if (!requests.take(wish)) {
      return;
    }
    RecordedPod known = pods.of(wish.uid());
    RecordedPod pod = known != null && known.is(wish) ? known : null;
    String request = wish.request();
    if (request == null) {
      if (pod != null) {
        withdraw(pod);
      }
    } else if (PodRequests.check(wish)) {
      if (pod != null && !pod.isOver()) {
        RecordedPods.change(pod, request);
      } else {
        look.run();
      }
    }
  }

  private void withdraw(RecordedPod pod) throws IOException {
    pod.forgetRequest();
    if (pod.hasEnded()) {
      files.saveSession(pod);
    } else {
      pod.stop("its annotation " + SeccompKeys.RECORD + " was removed");
    }
  }

  private void follow(long ticket, RecordableContainer container, PodWish told) throws IOException {
    PodWish wish = requests.valid(told);
    RecordedPod pod = wish == null ? null : pods.recording(wish, requests);
    if (pod != null && pod.isOpen()) {
      traces.follow(ticket, container, pod);
      // Who comes after a killed agent finds it.
      files.save(pod);
    }
  }

  private void look(NodeInspector.Look look) {
    Set<String> running = new HashSet<>();
    for (ContainerFacts facts : look.running()) {
      running.add(facts.id());
      beginLate(facts);
    }
    for (RecordedPod pod : pods.all()) {
      alone(pod, () -> look(pod, look, running));
    }
  }

  /// Where the pod of a container that runs asks for a recording, and has none.
  private void beginLate(ContainerFacts facts) {
    PodWish wish = requests.of(facts);
    if (wish != null) {
      if (RecordedPod.canBeNamed(wish, facts.name())) {
        var _ = pods.recording(wish, requests);
      } else if (requests.decline(wish)) {
        PodRequests.sayUnnamed(wish);
      }
    }
  }

  private void look(RecordedPod pod, NodeInspector.Look look, Set<String> running)
      throws IOException {
    pod.see(look.pods().contains(pod.uid()));
    if (!pod.hasGone()) {
      if (pod.isOpen()) {
        traces.look(pod, look, running);
      }
    } else if (pod.hasEnded()) {
      drop(pod);
    } else {
      pod.stop("the pod has gone");
    }
  }

  private void stop() {
    traces.poll();
    for (RecordedPod pod : pods.all()) {
      if (!pod.hasEnded()) {
        alone(pod, () -> files.save(pod));
      }
      pod.parts().forEach(part -> part.end(_ -> true));
    }
    files.close();
  }

  @Override
  public void close() {
    stopping = true;
    steps.add(() -> {});
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException again) {
      Thread.currentThread().interrupt();
    }
  }
}
