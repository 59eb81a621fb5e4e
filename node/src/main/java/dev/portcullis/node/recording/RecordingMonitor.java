package dev.portcullis.node.recording;

import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.kernel.recording.ContainerCalls;
import dev.portcullis.node.cluster.PodWish;
import dev.portcullis.node.cluster.ProposalWriter.Proposal;
import dev.portcullis.node.proxy.RecordableContainer;
import dev.portcullis.node.truth.ContainerFacts;
import dev.portcullis.node.truth.NodeInspector;
import dev.portcullis.pods.spec.RecordingRequest;
import dev.portcullis.pods.spec.SeccompKeys;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/// Records the containers of pods that ask for it, and writes of each a profile that nobody uses
/// until somebody takes it.
///
/// A pod asks by an annotation. Kubelets tell of it when they make a container; the API server,
/// where it is watched, also of each change, and then its word counts. A request that has ended a
/// recording begins no other one: another request does, and the same once it was taken away.
///
/// It has a thread of its own, which alone touches the recordings. Where it cannot record, it says
/// so; the rest of the node does not need it.
public final class RecordingMonitor implements AutoCloseable {
  private static final Logger LOG = System.getLogger(RecordingMonitor.class.getName());

  /// Containers that are recorded at once: each has a trace of its own, and each call of the
  /// machine passes all of them.
  public static final int MOST_CONTAINERS = 20;

  /// Pods of which something is kept while they are there.
  private static final int MOST_PODS = 200;

  /// Pods of which it is kept what the API server has. Of one that is forgotten, the kubelet's word
  /// counts again.
  private static final int MOST_WISHES = 1000;

  /// One that comes again and again would fill the log.
  private static final Duration AFTER_A_BUG = Duration.ofSeconds(1);

  /// A kubelet waits for it.
  private static final Duration UNTIL_READY = Duration.ofSeconds(2);

  /// After which a trace is given up whose container the runtime did not make.
  private static final Duration UNTIL_MADE = Duration.ofMinutes(3);

  private static final Duration BETWEEN_SAVES = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofSeconds(1);

  private final ThisMachine machine;
  private final SyscallTable names = SyscallTable.ofThisMachine();
  private final ProposalDirectory directory;
  private final Compiler compiler;
  private final Consumer<Proposal> listener;
  private final LinkedBlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  private final AtomicLong tickets = new AtomicLong();
  private final Thread thread =
      Thread.ofPlatform().daemon().name("recordings").unstarted(this::run);
  private volatile boolean stopping;

  /// That is not taken yet.
  private final AtomicReference<NodeInspector.@Nullable Look> newest = new AtomicReference<>();

  /// By the uids of the pods.
  private final Map<String, RecordedPod> pods = new LinkedHashMap<>();

  /// What the API server has, by their keys.
  private final Map<String, PodWish> wishes =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, PodWish> eldest) {
          return size() > MOST_WISHES;
        }
      };

  /// The keys of pods of which it was said why they are not recorded, until they ask otherwise.
  private final Set<String> declined = new HashSet<>();

  /// When they were begun, by `System.nanoTime`.
  private final Map<Long, Long> unmade = new LinkedHashMap<>();

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
    this.listener = listener;
    this.machine = machine;
    this.directory = new ProposalDirectory(directory);
    this.compiler = compiler;
  }

  /// Begins, with what an agent before this one has left.
  public void begin() {
    steps.add(this::restore);
    thread.start();
  }

  /// A container is about to be made whose pod asks for a recording. Returns once its first call
  /// would be seen, or after two seconds.
  ///
  /// @return is told the id that the runtime gave it
  public Consumer<String> expect(RecordableContainer container) {
    PodWish told =
        new PodWish(
            container.namespace(), container.pod(), container.podUid(), container.request());
    if (!isUsable(told)) {
      return _ -> {};
    }
    if (!RecordedPod.canBeNamed(told, container.container())) {
      sayUnnamed(told);
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
          doubt(
              container,
              "the agent was busy when it was made: what it did in its first moment may be missing"));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException bug) {
      throw new IllegalStateException(bug);
    }
    return id -> steps.add(() -> become(container.podUid(), ticket, id));
  }

  /// Whether the pod asks for a recording in words that can be read; else it is said why not.
  private static boolean isUsable(PodWish wish) {
    String request = wish.request();
    if (request == null) {
      return false;
    }
    String wrong = RecordingRequest.read(request).wrong();
    if (!wrong.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "pod {0} is not recorded: its annotation {1}: \"{2}\" {3}",
          wish.label(),
          SeccompKeys.RECORD,
          request,
          wrong);
    }
    return wrong.isEmpty();
  }

  private static void sayUnnamed(PodWish wish) {
    LOG.log(
        Level.WARNING,
        "pod {0} is not recorded: its names cannot be those of files, or are too long for it",
        wish.label());
  }

  /// So a pod is in the API server.
  ///
  /// @param look is run where its containers may run already, and are to be looked for
  public void wished(PodWish wish, Runnable look) {
    steps.add(() -> heed(wish, look));
  }

  /// One has gone from the API server.
  public void forget(PodWish last) {
    steps.add(() -> {
      wishes.remove(last.key());
      declined.remove(last.key());
    });
  }

  /// So the node is. Where another look comes before this one is taken, it counts alone.
  public void looked(NodeInspector.Look look) {
    if (newest.getAndSet(look) == null) {
      steps.add(() -> look(Objects.requireNonNull(newest.getAndSet(null), "it was set")));
    }
  }

  @SuppressWarnings("CatchingUnchecked") // nobody else would say it
  private void run() {
    while (!stopping) {
      try {
        Step step = steps.poll(pause().toMillis(), TimeUnit.MILLISECONDS);
        while (step != null) {
          step.take();
          step = steps.poll();
        }
        work();
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

  private Duration pause() {
    Duration least = IDLE;
    for (RecordedPod pod : pods.values()) {
      for (RecordedPart part : pod.parts()) {
        for (RecordedPart.Trace trace : part.traces()) {
          Duration pause = trace.calls().pause();
          least = pause.compareTo(least) < 0 ? pause : least;
        }
      }
    }
    return least;
  }

  private void work() {
    for (RecordedPod pod : pods.values()) {
      pod.parts().forEach(RecordedPart::poll);
    }
    leaveOut();
    unmade.values().removeIf(since -> hasPassed(UNTIL_MADE, since));
    boolean isTimeToSave = hasPassed(BETWEEN_SAVES, saved);
    if (isTimeToSave) {
      saved = System.nanoTime();
    }
    for (RecordedPod pod : List.copyOf(pods.values())) {
      if (isTimeToSave) {
        dropUnmade(pod);
      }
      if (pod.hasEnded()) {
        continue;
      }
      if (!pod.isOver()) {
        if (isTimeToSave) {
          alone(pod, () -> save(pod));
        }
      } else if (isTimeToSave || !unwritten.contains(pod.uid())) {
        alone(pod, () -> finish(pod));
      }
    }
  }

  /// Where most is seen of other containers than the one that is recorded: of one only, as the
  /// kernel takes its time, in which no trace is read.
  private void leaveOut() {
    pods.values().stream()
        .flatMap(pod -> pod.parts().stream())
        .filter(part -> part.strangeEvents() > 0)
        .max(Comparator.comparingLong(RecordedPart::strangeEvents))
        .ifPresent(RecordedPart::leaveOut);
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

  private static boolean hasPassed(Duration time, long since) {
    return System.nanoTime() - since >= time.toNanos();
  }

  /// Those that the runtime did not make.
  private void dropUnmade(RecordedPod pod) {
    for (RecordedPart part : pod.parts()) {
      part.end(trace -> trace.isUnmade() && !unmade.containsKey(trace.ticket()));
    }
  }

  private int recorded() {
    return pods.values().stream()
        .flatMap(pod -> pod.parts().stream())
        .mapToInt(part -> part.traces().size())
        .sum();
  }

  private void heed(PodWish wish, Runnable look) throws IOException {
    PodWish before = wishes.get(wish.key());
    // Another API server may still have an older state, and tell it to a watch that begins anew.
    if (before != null && wish.version() < before.version()) {
      return;
    }
    wishes.put(wish.key(), wish);
    if (before != null && Objects.equals(wish.request(), before.request())) {
      return;
    }
    declined.remove(wish.key());
    RecordedPod pod = pods.get(wish.uid());
    if (wish.request() == null) {
      if (pod != null && pod.is(wish)) {
        withdraw(pod);
      }
    } else if (isUsable(wish)) {
      if (pod != null && pod.is(wish) && !pod.isOver()) {
        change(pod, wish.request());
      } else {
        look.run();
      }
    }
  }

  private void withdraw(RecordedPod pod) throws IOException {
    pod.forgetRequest();
    if (pod.hasEnded()) {
      directory.write(ProposalDirectory.session(pod.uid()), pod.text());
    } else {
      pod.stop("its annotation " + SeccompKeys.RECORD + " was removed");
      alone(pod, () -> finish(pod));
    }
  }

  private static void change(RecordedPod pod, String request) {
    if (pod.change(request)) {
      LOG.log(
          Level.INFO,
          "the containers of pod {0} are recorded until {1}, as its annotation has changed",
          pod.label(),
          pod.until());
    }
  }

  /// What counts of what a pod asks for.
  ///
  /// @param told by the kubelet
  private PodWish valid(PodWish told) {
    return wishes.getOrDefault(told.key(), told);
  }

  /// The recording of a pod, begun now where there is none, or the one that there is has ended and
  /// another one is asked for.
  ///
  /// @param wish can be read
  private @Nullable RecordedPod pod(PodWish wish, String request) {
    RecordedPod known = pods.get(wish.uid());
    if (known != null && !known.isAnother(request)) {
      if (!known.isOver()) {
        change(known, request);
      }
      return known;
    }
    if (known == null && pods.size() >= MOST_PODS) {
      if (declined.add(wish.key())) {
        LOG.log(
            Level.WARNING,
            "pod {0} is not recorded: there are {1} pods that are or were recorded on this node"
                + " already; it can be recorded when some of them have gone",
            wish.label(),
            MOST_PODS);
      }
      return null;
    }
    RecordedPod fresh = RecordedPod.begin(wish, request, known);
    pods.put(fresh.uid(), fresh);
    LOG.log(
        Level.INFO,
        "the containers of pod {0} are recorded until {1}",
        fresh.label(),
        fresh.until());
    return fresh;
  }

  private RecordedPart part(RecordedPod pod, String container, String image) throws IOException {
    return pod.part(
        container, image, Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
  }

  private void follow(long ticket, RecordableContainer container, PodWish told) throws IOException {
    PodWish wish = valid(told);
    String request = wish.request();
    RecordedPod pod =
        request == null || !RecordingRequest.read(request).wrong().isEmpty()
            ? null
            : pod(wish, request);
    if (pod == null || pod.hasEnded()) {
      return;
    }
    RecordedPart part = part(pod, container.container(), container.image());
    // Of one container one is made after the other: those before were not.
    part.end(RecordedPart.Trace::isUnmade);
    List<Long> makers = ShimProcesses.of(container.sandbox());
    if (makers.isEmpty() || isFull(pod, part)) {
      // Its look comes when it runs.
      return;
    }
    try {
      part.add(
          new RecordedPart.Trace(
              ticket, ContainerCalls.ofNext(machine.architecture(), names, makers), null));
      unmade.put(ticket, System.nanoTime());
    } catch (IOException e) {
      doubt(pod, part, "it could not be followed when it was made: " + e.getMessage());
    }
    // Who comes after a killed agent finds it.
    save(pod);
  }

  private boolean isFull(RecordedPod pod, RecordedPart part) {
    boolean isFull = recorded() >= MOST_CONTAINERS;
    if (isFull) {
      doubt(
          pod,
          part,
          "it was not recorded from its start, as "
              + MOST_CONTAINERS
              + " other containers of the node were");
    }
    return isFull;
  }

  private static void doubt(RecordedPod pod, RecordedPart part, String words) {
    if (part.doubt(words)) {
      LOG.log(
          Level.WARNING,
          "the recording of container \"{0}\" of pod {1} may lack calls: {2}",
          part.name(),
          pod.label(),
          words);
    }
  }

  private void doubt(RecordableContainer container, String words) throws IOException {
    RecordedPod pod = pods.get(container.podUid());
    if (pod != null && !pod.hasEnded()) {
      doubt(pod, part(pod, container.container(), container.image()), words);
    }
  }

  private void become(String uid, long ticket, String id) {
    unmade.remove(ticket);
    know(uid, id);
    for (RecordedPod pod : pods.values()) {
      for (RecordedPart part : pod.parts()) {
        part.traces().stream()
            .filter(trace -> trace.ticket() == ticket)
            .forEach(trace -> trace.become(id));
      }
    }
  }

  private void know(String uid, String id) {
    RecordedPod pod = pods.get(uid);
    if (pod != null) {
      pod.know(id);
    }
  }

  private void look(NodeInspector.Look look) {
    Set<String> running = new HashSet<>();
    for (ContainerFacts facts : look.running()) {
      running.add(facts.id());
      beginLate(facts);
      know(String.valueOf(facts.podUid()), facts.id());
    }
    for (RecordedPod pod : List.copyOf(pods.values())) {
      alone(pod, () -> look(pod, look, running));
    }
  }

  /// Where the pod of a container that runs asks for a recording, and has none.
  private void beginLate(ContainerFacts facts) {
    PodWish wish = wishes.get(PodWish.key(facts.pod(), String.valueOf(facts.podUid())));
    String request = wish == null ? null : wish.request();
    if (wish == null || request == null || !RecordingRequest.read(request).wrong().isEmpty()) {
      return;
    }
    if (RecordedPod.canBeNamed(wish, facts.name())) {
      var _ = pod(wish, request);
    } else if (declined.add(wish.key())) {
      sayUnnamed(wish);
    }
  }

  private void look(RecordedPod pod, NodeInspector.Look look, Set<String> running)
      throws IOException {
    if (pod.hasGone(look.pods().contains(pod.uid()))) {
      if (!pod.hasEnded()) {
        pod.stop("the pod has gone");
        finish(pod);
      }
      pods.remove(pod.uid());
      directory.remove(ProposalDirectory.session(pod.uid()));
    } else if (!pod.hasEnded() && !pod.isOver()) {
      pod.parts().forEach(part -> part.end(trace -> trace.hasEnded(look.ids(), running)));
      for (ContainerFacts facts : look.running()) {
        if (pod.uid().equals(facts.podUid())) {
          followLate(pod, facts);
        }
      }
    }
  }

  /// One that runs already, and that was not followed when it was made.
  private void followLate(RecordedPod pod, ContainerFacts facts) throws IOException {
    if (!pod.canName(facts.name())) {
      // It was said when it was made, and a file that cannot be written would keep the pod open.
      return;
    }
    RecordedPart part = part(pod, facts.name(), "");
    if (part.traces().stream().anyMatch(trace -> trace.is(facts.id()) || trace.isUnmade())
        || isFull(pod, part)) {
      return;
    }
    Long pid = facts.pid();
    if (pid == null) {
      doubt(pod, part, "the runtime does not tell its first process");
      return;
    }
    try {
      List<Long> makers = ShimProcesses.above(pid);
      ContainerCalls calls =
          ContainerCalls.ofRunning(machine.architecture(), names, facts.id(), pid, makers);
      boolean isNew = part.isNew();
      part.add(new RecordedPart.Trace(0, calls, facts.id()));
      if (isNew) {
        doubt(
            pod,
            part,
            "it ran already at "
                + RecordedPod.now()
                + " when it was found: what it did before is missing, such as the calls by which"
                + " it starts");
      }
      if (makers.isEmpty()) {
        doubt(
            pod,
            part,
            "it was not made by a shim of containerd: what is executed in it, as by kubectl exec,"
                + " is missing");
      }
    } catch (IOException e) {
      doubt(pod, part, "it cannot be followed: " + e.getMessage());
    }
  }

  /// The recordings so far, without a profile.
  private void save(RecordedPod pod) throws IOException {
    for (RecordedPart part : pod.parts()) {
      write(pod, part, false, "it is not over");
    }
    directory.write(ProposalDirectory.session(pod.uid()), pod.text());
  }

  /// Nothing is told before all of it is written: what cannot be written is tried again.
  private void finish(RecordedPod pod) throws IOException {
    Map<RecordedPart, ContainerProposal> written = new LinkedHashMap<>();
    for (RecordedPart part : pod.parts()) {
      part.end(_ -> true);
      written.put(part, write(pod, part, true, pod.why()));
    }
    pod.end();
    try {
      directory.write(ProposalDirectory.session(pod.uid()), pod.text());
    } catch (IOException failed) {
      pod.resume();
      throw failed;
    }
    written.forEach((part, proposal) -> tell(pod, part, proposal));
    List<String> removed = directory.prune();
    if (!removed.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "the oldest recordings are removed, as there are more than {0}: {1}",
          ProposalDirectory.MOST,
          String.join(", ", removed));
    }
  }

  private ContainerProposal write(RecordedPod pod, RecordedPart part, boolean isLast, String why)
      throws IOException {
    List<String> doubts = new ArrayList<>(part.doubts());
    doubts.add(pod.span(why));
    doubts.add(
        "recorded by the kernel's trace: what the container's own profile refuses is not allowed,"
            + " and the count of a call whose arguments are not kept is a lower bound");
    List<String> errors = new ArrayList<>(part.errors());
    if (!isLast) {
      errors.add("the recording goes on: there is no profile yet");
    }
    ContainerProposal proposal =
        ContainerProposal.of(part.recording(), machine.architecture(), doubts, errors, compiler);
    String stem = pod.stem(part);
    directory.write(stem + ProposalDirectory.RECORDING, proposal.recording());
    String profile = proposal.profile();
    if (profile == null) {
      directory.remove(stem + ProposalDirectory.PROFILE);
    } else {
      directory.write(stem + ProposalDirectory.PROFILE, profile);
    }
    return proposal;
  }

  private void tell(RecordedPod pod, RecordedPart part, ContainerProposal proposal) {
    String profile = proposal.profile();
    listener.accept(pod.proposal(part, profile, proposal.recording()));
    LOG.log(
        part.doubts().isEmpty() && profile != null ? Level.INFO : Level.WARNING,
        profile == null
            ? "container \"{0}\" of pod {1} was recorded, and there is no profile: {3}"
            : "container \"{0}\" of pod {1} was recorded, and {2} is proposed{3}",
        part.name(),
        pod.label(),
        directory.path(pod.stem(part) + ProposalDirectory.PROFILE),
        profile == null
            ? String.join("; ", proposal.remarks())
            : part.doubts().isEmpty()
                ? ""
                : ", which may lack calls: " + String.join("; ", part.doubts()));
  }

  private void restore() throws IOException {
    for (String file : directory.sessions()) {
      try {
        RecordedPod pod = RecordedPod.read(file, directory);
        pods.put(pod.uid(), pod);
      } catch (IOException broken) {
        LOG.log(Level.WARNING, "a recording is given up: {0}", broken.getMessage());
        directory.remove(file);
      }
    }
  }

  private void stop() {
    for (RecordedPod pod : pods.values()) {
      try {
        pod.parts().forEach(RecordedPart::poll);
        if (!pod.hasEnded()) {
          save(pod);
        }
      } catch (IOException e) {
        LOG.log(Level.WARNING, "cannot keep a recording: {0}", e.getMessage());
      }
      pod.parts().forEach(part -> part.end(_ -> true));
    }
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
