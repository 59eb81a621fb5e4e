package dev.portcullis.node.recording;

import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.kernel.recording.ContainerCalls;
import dev.portcullis.node.proxy.RecordableContainer;
import dev.portcullis.node.truth.ContainerFacts;
import dev.portcullis.node.truth.NodeInspector;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The traces of the containers that are recorded: begun before they are made, or when they are
/// found; read; and ended with them.
final class ContainerTraces {
  private static final Logger LOG = System.getLogger(ContainerTraces.class.getName());

  /// After which a trace is given up whose container the runtime did not make.
  private static final Duration UNTIL_MADE = Duration.ofMinutes(3);

  private final ThisMachine machine;
  private final RecordedPods pods;
  private final SyscallTable names = SyscallTable.ofThisMachine();

  /// The tickets of containers that are about to be made, and since when, by `System.nanoTime`.
  private final Map<Long, Long> unmade = new LinkedHashMap<>();

  ContainerTraces(ThisMachine machine, RecordedPods pods) {
    this.machine = machine;
    this.pods = pods;
  }

  /// Reads what has happened.
  void poll() {
    pods.parts().forEach(RecordedPart::poll);
    leaveOut();
    unmade.values().removeIf(since -> System.nanoTime() - since >= UNTIL_MADE.toNanos());
  }

  /// Where most is seen of other containers than the one that is recorded: of one only, as the
  /// kernel takes its time, in which no trace is read.
  private void leaveOut() {
    pods.parts()
        .filter(part -> part.strangeEvents() > 0)
        .max(Comparator.comparingLong(RecordedPart::strangeEvents))
        .ifPresent(RecordedPart::leaveOut);
  }

  /// When to call {@link #poll} again.
  ///
  /// @param most where nothing is recorded
  Duration pause(Duration most) {
    return pods.parts()
        .flatMap(part -> part.traces().stream())
        .map(trace -> trace.calls().pause())
        .min(Comparator.naturalOrder())
        .filter(pause -> pause.compareTo(most) < 0)
        .orElse(most);
  }

  /// Ends those of a pod that the runtime did not make.
  void dropUnmade(RecordedPod pod) {
    for (RecordedPart part : pod.parts()) {
      part.end(trace -> trace.isUnmade() && !unmade.containsKey(trace.ticket()));
    }
  }

  /// Follows one that is about to be made. Where it cannot, its look comes when it runs.
  void follow(long ticket, RecordableContainer container, RecordedPod pod) throws IOException {
    RecordedPart part = part(pod, container.container(), container.image());
    // Of one container one is made after the other: those before were not.
    part.end(ContainerTrace::isUnmade);
    List<Long> makers = ShimProcesses.of(container.sandbox());
    if (makers.isEmpty() || isFull(pod, part)) {
      return;
    }
    try {
      part.add(
          new ContainerTrace(
              ticket, ContainerCalls.ofNext(machine.architecture(), names, makers), null));
      unmade.put(ticket, System.nanoTime());
    } catch (IOException e) {
      doubt(pod, part, "it could not be followed when it was made: " + e.getMessage());
    }
  }

  /// The runtime has made one, of whatever pod.
  void become(String uid, long ticket, String id) {
    unmade.remove(ticket);
    know(uid, id);
    pods.parts()
        .flatMap(part -> part.traces().stream())
        .filter(trace -> trace.ticket() == ticket)
        .forEach(trace -> trace.become(id));
  }

  private void know(String uid, String id) {
    RecordedPod pod = pods.of(uid);
    if (pod != null) {
      pod.know(id);
    }
  }

  /// Ends those of a pod that have ended, and follows those that run and are not followed.
  ///
  /// @param running the ids of all containers that run
  void look(RecordedPod pod, NodeInspector.Look look, Set<String> running) throws IOException {
    for (RecordedPart part : pod.parts()) {
      part.traces().forEach(trace -> trace.see(look.ids(), running));
      part.end(ContainerTrace::hasEnded);
    }
    for (ContainerFacts facts : look.running()) {
      if (pod.uid().equals(facts.podUid())) {
        pod.know(facts.id());
        followLate(pod, facts);
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
      part.add(new ContainerTrace(0, calls, facts.id()));
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

  private static RecordedPart part(RecordedPod pod, String container, String image)
      throws IOException {
    return pod.part(
        container, image, Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
  }

  private boolean isFull(RecordedPod pod, RecordedPart part) {
    boolean isFull =
        pods.parts().mapToInt(each -> each.traces().size()).sum()
            >= RecordingMonitor.MOST_CONTAINERS;
    if (isFull) {
      doubt(
          pod,
          part,
          "it was not recorded from its start, as "
              + RecordingMonitor.MOST_CONTAINERS
              + " other containers of the node were");
    }
    return isFull;
  }

  /// Calls of a container that is recorded may be missing.
  void doubt(RecordableContainer container, String words) throws IOException {
    RecordedPod pod = pods.of(container.podUid());
    if (pod != null && pod.isOpen()) {
      doubt(pod, part(pod, container.container(), container.image()), words);
    }
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
}
