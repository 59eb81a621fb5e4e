package dev.portcullis.run.pod;

import dev.portcullis.container.proof.Proof;
import dev.portcullis.container.rights.AskedRights;
import dev.portcullis.cri.ContainerSpec;
import dev.portcullis.cri.ContainerStatus;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.SandboxSpec;
import dev.portcullis.cri.SeccompSetting;
import dev.portcullis.kernel.process.ContainerProcessWatch;
import dev.portcullis.kernel.process.ContainerProcesses;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.process.ProcessRights;
import dev.portcullis.kernel.process.SeccompState;
import dev.portcullis.run.pod.PodOutcome.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One container, from its making to its removal, and what the kernel reports about it meanwhile.
final class RunningContainer {
  /// How long after its start a container may take until its program is executed.
  private static final Duration UNTIL_EXECUTED = Duration.ofSeconds(2);

  /// How long after the end of its process a runtime may take until it reports it.
  private static final Duration UNTIL_TOLD = Duration.ofSeconds(5);

  private static final Duration PAUSE = Duration.ofMillis(5);

  private final Cri cri;
  private final ContainerPlan plan;
  private final PreparedProfile profile;
  private final @Nullable ContainerProof proving;
  private final LogTail log;

  private @Nullable String id;
  private @Nullable LiveProcess process;
  private @Nullable SeccompState kernel;
  private @Nullable ProcessRights rights;
  private @Nullable Set<String> given;
  private int inherited;
  private @Nullable Proof proof;
  private @Nullable Integer exitCode;
  private Phase phase = Phase.NOT_STARTED;

  /// @param proving null where nothing is to be proven
  RunningContainer(
      Cri cri,
      ContainerPlan plan,
      PreparedProfile profile,
      @Nullable ContainerProof proving,
      LogTail log) {
    this.cri = cri;
    this.proving = proving;
    this.plan = plan;
    this.profile = profile;
    this.log = log;
  }

  ContainerPlan plan() {
    return plan;
  }

  @Nullable Integer exitCode() {
    return exitCode;
  }

  boolean hasEnded() {
    return phase != Phase.NOT_STARTED && phase != Phase.RUNNING;
  }

  PodOutcome.ContainerOutcome outcome() {
    return new PodOutcome.ContainerOutcome(plan, kernel, proof, exitCode, phase);
  }

  /// Makes and starts it, and asks the kernel whether it is filtered as it should be.
  void start(String sandboxId, ContainerSpec spec, SandboxSpec sandbox)
      throws CriException, IOException, InterruptedException, UnfilteredException {
    try {
      String made = cri.createContainer(sandboxId, spec, sandbox);
      id = made;
      // CRI-O makes its process now, containerd when it is started.
      Long created = cri.containerStatus(made).pid();
      try (ContainerProcessWatch watch = ContainerProcessWatch.start(made, created)) {
        cri.startContainer(made);
        phase = Phase.RUNNING;
        untilSeen(watch);
        kernel = watch.seen().orElse(kernel);
        rights = watch.rights().orElse(rights);
      }
    } catch (CriException e) {
      if (e.kind() != CriException.Kind.REFUSED) {
        throw e;
      }
      String file = profile.setting() instanceof SeccompSetting.Localhost ? profileText() : null;
      throw new IOException(
          "container \""
              + plan.name()
              + "\": "
              + e.getMessage()
              + RefusalHint.of(String.valueOf(e.getMessage()), file),
          e);
    }
    verify();
    verifyRights();
    prove();
  }

  /// Waits until the container's program was seen, or has ended.
  private void untilSeen(ContainerProcessWatch watch)
      throws CriException, IOException, InterruptedException {
    long end = System.nanoTime() + UNTIL_EXECUTED.toNanos();
    look();
    while (phase == Phase.RUNNING
        && !((kernel != null || watch.seen().isPresent())
            && (plan.privileged() || rights != null || watch.rights().isPresent()))
        && System.nanoTime() < end) {
      Thread.sleep(PAUSE);
      look();
    }
  }

  private boolean mustBeFiltered() {
    return !plan.privileged() && profile.filters();
  }

  private boolean endedUnseen() {
    return mustBeFiltered() && hasEnded() && kernel == null;
  }

  /// Before what it ended that was to be known of its filter; null where all is known. There is
  /// nothing left to stop then, and nothing that was proven.
  @Nullable String unseen() {
    if (endedUnseen()) {
      return "Portcullis could ask the kernel whether it had its filter";
    }
    return proving != null && mustBeFiltered() && hasEnded() && proof == null
        ? "Portcullis could prove that its filter was that of " + profileText()
        : null;
  }

  /// What is to be said of a filter that is not exactly that of the profile, and no reason to stop
  /// the container; null where there is nothing.
  @Nullable String remark() {
    return proof instanceof Proof.Equal equal
        ? "has not exactly the filter of " + profileText() + ": " + equal.detail()
        : null;
  }

  private void verify() throws UnfilteredException, CriException {
    SeccompState seen = kernel;
    boolean filtered = seen != null && seen.exceeds(inherited);
    if (!mustBeFiltered() || filtered || endedUnseen()) {
      return;
    }
    String end = hasEnded() ? "; it has ended" : "; it was stopped";
    stopAs(Phase.UNFILTERED);
    throw new UnfilteredException(
        "container \""
            + plan.name()
            + "\" should run under "
            + profileText()
            + " and the kernel "
            + (seen == null
                ? "could not be asked for its filter"
                : "reports that it has no filter"
                    + (inherited == 0 ? "" : " but the runtime's own")
                    + " (Seccomp: "
                    + seen.mode().number()
                    + ")")
            + end
            + ". The runtime handler ignores profiles, or was built without"
            + " seccomp");
  }

  private void verifyRights() throws UnfilteredException, CriException {
    ProcessRights seen = rights;
    if (plan.privileged() || seen == null) {
      return;
    }
    ContainerPlan.Rights asked = plan.rights();
    List<String> excess =
        new AskedRights(
                asked.user().uid(),
                asked.user().gid(),
                asked.capabilities(),
                asked.noNewPrivileges())
            .exceededBy(seen, given);
    if (excess.isEmpty()) {
      return;
    }
    String end = hasEnded() ? "; it has ended" : "; it was stopped";
    stopAs(Phase.EXCESS);
    throw new UnfilteredException(
        "container \""
            + plan.name()
            + "\" has more rights than were requested: "
            + String.join("; ", excess)
            + end
            + ". The runtime did not drop rights that it should, or a profile made its calls seem"
            + " to succeed");
  }

  private void stopAs(Phase how) throws CriException {
    String container = id;
    if (container != null && !hasEnded()) {
      cri.stopContainer(container, Duration.ZERO);
      phase = how;
    }
  }

  private void prove() throws UnfilteredException, CriException, IOException, InterruptedException {
    LiveProcess live = process;
    String container = id;
    if (proving == null || !mustBeFiltered() || container == null) {
      return;
    }
    Proof found = live == null ? null : proving.of(container, live);
    if (found == null) {
      awaitEnd();
      if (hasEnded()) {
        return;
      }
      found =
          new Proof.Unknown(
              live == null
                  ? "the runtime does not report its process"
                  : "its process has ended, but the runtime does not report this");
    }
    proof = found;
    String words =
        switch (found) {
          case Proof.Proven _, Proof.Equal _ -> "";
          case Proof.Different _ -> "does not run the filter of ";
          case Proof.Unknown _ -> "is not proven to run the filter of ";
        };
    if (!words.isEmpty()) {
      stopAs(Phase.UNPROVEN);
      throw new UnfilteredException(
          "container \""
              + plan.name()
              + "\" "
              + words
              + profileText()
              + ", and was stopped: "
              + found.detail());
    }
  }

  /// The kernel knows of the end of a process before the runtime does.
  private void awaitEnd() throws CriException, IOException, InterruptedException {
    long end = System.nanoTime() + UNTIL_TOLD.toNanos();
    look();
    while (!hasEnded() && System.nanoTime() < end) {
      Thread.sleep(PAUSE);
      look();
    }
  }

  private String profileText() {
    // A file that no pod names is one of a recording.
    return profile.setting() instanceof SeccompSetting.Localhost && profile.path() == null
        ? "the profile of the recording"
        : plan.decision().profile().text();
  }

  /// Asks the runtime whether it still runs, and the kernel how it is filtered: a program may add
  /// filters of its own at any time.
  void look() throws CriException, IOException {
    String container = id;
    if (container == null || hasEnded() || phase == Phase.NOT_STARTED) {
      return;
    }
    ContainerStatus status = cri.containerStatus(container);
    switch (status.state()) {
      case ContainerStatus.Created _, ContainerStatus.Running _ -> {
        given = status.bounding();
        ask(status.pid());
      }
      case ContainerStatus.Exited exited -> ended(exited.exitCode(), Phase.ENDED);
      case ContainerStatus.Unknown unknown ->
          throw new IOException(
              "the runtime lost container \"" + plan.name() + "\": " + unknown.message());
    }
  }

  private void ask(@Nullable Long pid) throws IOException {
    if (process == null && pid != null) {
      process = LiveProcess.open(pid).orElse(null);
    }
    LiveProcess live = process;
    if (live != null) {
      inherited = Math.max(inherited, live.inheritedFilters());
      Optional<SeccompState> state = live.seccompOfProgram(inherited);
      if (state.isPresent()) {
        kernel = state.get();
      }
      if (rights == null) {
        rights = live.rightsOfProgram().orElse(null);
      }
    }
  }

  void passOnLogs() throws IOException {
    if (phase == Phase.RUNNING) {
      log.read();
    }
  }

  private void ended(int code, Phase how) throws IOException {
    exitCode = code;
    phase = how;
    log.finish();
    letGo();
  }

  private void letGo() throws IOException {
    LiveProcess live = process;
    process = null;
    if (live != null) {
      live.close();
    }
  }

  /// Stops and removes it.
  ///
  /// @param left gets what could not be removed
  void stop(Duration grace, List<String> left) {
    String container = id;
    if (container == null) {
      return;
    }
    try {
      // It may have ended by itself since it was looked at last.
      look();
      if (phase == Phase.RUNNING) {
        cri.stopContainer(container, grace);
      }
      if (phase == Phase.RUNNING
          || phase == Phase.UNFILTERED
          || phase == Phase.EXCESS
          || phase == Phase.UNPROVEN) {
        Phase how = phase == Phase.RUNNING ? Phase.STOPPED : phase;
        if (cri.containerStatus(container).state() instanceof ContainerStatus.Exited exited) {
          ended(exited.exitCode(), how);
        }
      }
      letGo();
    } catch (CriException | IOException e) {
      left.add("container " + container + " (" + plan.name() + "), not stopped: " + e.getMessage());
    }
    try {
      new ContainerRemoval(
              cri::removeContainer,
              it -> cri.stopContainer(it, Duration.ZERO),
              ContainerProcesses::kill,
              System::nanoTime)
          .of(container, phase == Phase.NOT_STARTED);
    } catch (CriException e) {
      left.add("container " + container + " (" + plan.name() + "): " + e.getMessage());
    }
  }
}
