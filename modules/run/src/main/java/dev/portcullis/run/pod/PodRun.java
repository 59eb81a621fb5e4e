package dev.portcullis.run.pod;

import dev.portcullis.container.proof.Prover;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.cri.ImageInfo;
import dev.portcullis.cri.ListItem;
import dev.portcullis.cri.SandboxSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One pod on a runtime: its sandbox, its containers, and their end.
///
/// The thread that runs it does everything: it starts, watches, passes on logs, stops and removes.
/// To end it early, interrupt that thread.
public final class PodRun {
  /// The label by which a run finds what it made.
  static final String RUN_LABEL = "portcullis.dev/run";

  private static final Duration TURN = Duration.ofMillis(40);

  /// The runtime is asked about a container every few turns only.
  private static final int TURNS_A_QUESTION = 5;

  private final Cri cri;
  private final PodPlan plan;
  private final Map<String, PreparedProfile> profiles;
  private final RunDirectory directory;
  private final Settings settings;
  private final PodEvents events;

  private final List<RunningContainer> containers = new ArrayList<>();
  private @Nullable SandboxSpec sandbox;
  private @Nullable String sandboxId;

  /// The container that had not started when the time of the run was over.
  private @Nullable String notStarted;

  /// What holds for all pods of a run.
  ///
  /// @param runId by which everything that the run makes is labelled
  /// @param cgroupParent of the sandboxes; empty for the runtime's choice
  /// @param handler for pods that name no runtime class; empty for the runtime's default
  /// @param time after which the pods are ended; null for never
  /// @param keep whether to leave everything as it is at the end
  /// @param prover of what each container's filter is; null where that is not asked
  public record Settings(
      String runId,
      String cgroupParent,
      String handler,
      @Nullable Duration time,
      boolean keep,
      @Nullable Prover prover) {}

  /// @param profiles of the plan's containers, by name
  public PodRun(
      Cri cri,
      PodPlan plan,
      Map<String, PreparedProfile> profiles,
      RunDirectory directory,
      Settings settings,
      PodEvents events) {
    this.cri = cri;
    this.plan = plan;
    this.profiles = Map.copyOf(profiles);
    this.directory = directory;
    this.settings = settings;
    this.events = events;
  }

  /// Runs it to its end. When the thread is interrupted, everything is stopped and removed, and the
  /// thread is still interrupted afterwards.
  public PodOutcome run() {
    String failure = null;
    boolean interrupted = false;
    try {
      begin();
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (UnfilteredException e) {
      failure = e.getMessage();
    } catch (CriException e) {
      interrupted = e.kind() == CriException.Kind.INTERRUPTED;
      failure = interrupted ? null : e.getMessage();
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage());
    } catch (RuntimeException | Error bug) {
      // It is on its way up, and must not leave a pod behind.
      end().forEach(left -> events.note(plan, "left behind: " + left));
      throw bug;
    }
    // From here on nothing may be left undone because somebody is impatient.
    interrupted |= Thread.interrupted();
    if (notStarted != null) {
      // By the time limit, and by nothing else.
      interrupted = false;
      failure =
          "container \""
              + notStarted
              + "\" had not started when the time limit was reached; the runtime may hang on its"
              + " profile";
    }
    List<String> left = settings.keep() && failure == null ? List.of() : end();
    PodOutcome outcome = outcome(failure, left);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return outcome;
  }

  private void begin() throws CriException, IOException, InterruptedException, UnfilteredException {
    for (ContainerPlan container : plan.all()) {
      image(container);
    }
    Map<String, Path> volumes = new VolumeMaker(directory, plan).make();
    SandboxSpec spec = sandbox();
    sandbox = spec;
    Files.createDirectories(spec.placement().logDirectory());
    String handler = plan.handler(settings.handler());
    String id = runSandbox(spec, handler);
    sandboxId = id;
    long end = settings.time() == null ? Long.MAX_VALUE : after(settings.time());
    String address = cri.sandboxStatus(id).ip();
    ContainerMaker maker = new ContainerMaker(plan, spec, volumes, address, settings.runId());
    for (ContainerPlan container : plan.init()) {
      RunningContainer running = start(maker, container, id, end);
      if (container.sidecar()) {
        continue;
      }
      if (!await(List.of(running), end)) {
        return;
      }
      Integer code = running.exitCode();
      if (code != null && code != 0) {
        // As in a cluster, nothing comes after an init container that failed.
        return;
      }
    }
    List<RunningContainer> regular = new ArrayList<>();
    for (ContainerPlan container : plan.containers()) {
      regular.add(start(maker, container, id, end));
    }
    events.running(outcome(null, List.of()), address);
    if (!settings.keep() || settings.time() != null) {
      await(regular, end);
    }
  }

  private void image(ContainerPlan container) throws CriException, IOException {
    String reference = container.image().reference();
    Optional<ImageInfo> image = cri.image(reference);
    boolean pull =
        switch (container.image().policy()) {
          case ALWAYS -> true;
          case IF_NOT_PRESENT, NEVER -> image.isEmpty();
        };
    if (pull && container.image().policy() == ContainerPlan.PullPolicy.NEVER) {
      throw new IOException(
          "container \""
              + container.name()
              + "\": the image "
              + reference
              + " is missing, and imagePullPolicy is Never; "
              + MissingImage.remedy(reference, cri.version().name()));
    }
    if (pull) {
      events.note(plan, "pulling the image " + reference);
      try {
        cri.pull(reference);
      } catch (CriException e) {
        if (e.kind() != CriException.Kind.REFUSED && e.kind() != CriException.Kind.NOT_FOUND) {
          throw e;
        }
        throw new IOException(
            "container \""
                + container.name()
                + "\": the image "
                + reference
                + " cannot be pulled; "
                + MissingImage.remedy(reference, cri.version().name())
                + (image.isEmpty()
                    ? ""
                    : ", or set imagePullPolicy: IfNotPresent to use the existing one")
                + ": "
                + e.getMessage()
                + RefusalHint.of(String.valueOf(e.getMessage()), null),
            e);
      }
      image = cri.image(reference);
    }
    if (container.rights().nonRoot() && startsAsRoot(container, image)) {
      throw new IOException(
          "container \""
              + container.name()
              + "\": runAsNonRoot is set, but it would run as root or as a user with an unknown"
              + " UID; set runAsUser");
    }
  }

  private static boolean startsAsRoot(ContainerPlan container, Optional<ImageInfo> image) {
    Long uid = container.rights().user().uid();
    if (uid == null && image.isPresent()) {
      uid = image.get().uid();
    }
    return uid == null || uid == 0;
  }

  private SandboxSpec sandbox() {
    Map<String, String> labels = new LinkedHashMap<>(plan.identity().metadata().labels());
    labels.putAll(ContainerMaker.labels(plan, settings.runId()));
    return new SandboxSpec(
        new SandboxSpec.Pod(
            plan.identity().name(), plan.identity().namespace(), plan.identity().uid()),
        labels,
        plan.identity().metadata().annotations(),
        plan.shape().network(),
        plan.shape().isolation(),
        new SandboxSpec.Placement(directory.logs(plan.identity()), settings.cgroupParent()));
  }

  private String runSandbox(SandboxSpec spec, String handler) throws CriException, IOException {
    try {
      return cri.runSandbox(spec, handler);
    } catch (CriException e) {
      String message = String.valueOf(e.getMessage());
      if (!spec.network().host()
          && (message.contains("cni plugin not initialized") || message.contains("network"))) {
        throw new IOException(
            "the runtime has no pod network; set hostNetwork: true in the pod's spec, or install"
                + " CNI plugins (Debian: containernetworking-plugins): "
                + message,
            e);
      }
      throw e;
    }
  }

  /// Not even a runtime that never answers may hold a run for longer than its time.
  private RunningContainer start(
      ContainerMaker maker, ContainerPlan container, String sandbox, long end)
      throws CriException, IOException, InterruptedException, UnfilteredException {
    RunDeadline limit = new RunDeadline(end);
    boolean started = false;
    try {
      RunningContainer running = start(maker, container, sandbox);
      started = true;
      return running;
    } finally {
      limit.close();
      if (limit.isOver()) {
        if (started) {
          // It was close; the end is seen at once by anyone who waits for it.
          boolean _ = Thread.interrupted();
        } else {
          notStarted = container.name();
        }
      }
    }
  }

  private RunningContainer start(ContainerMaker maker, ContainerPlan container, String sandbox)
      throws CriException, IOException, InterruptedException, UnfilteredException {
    PreparedProfile profile = profiles.get(container.name());
    if (profile == null) {
      throw new IllegalStateException("no profile was prepared for " + container.name());
    }
    RunningContainer running =
        new RunningContainer(
            cri,
            container,
            profile,
            settings.prover() == null ? null : new ContainerProof(cri, settings.prover(), profile),
            new LogTail(maker.logFile(container), line -> events.line(plan, container, line)));
    containers.add(running);
    running.start(sandbox, maker.spec(container, profile.setting()), maker.sandbox());
    String unseen = running.unseen();
    if (unseen != null) {
      events.note(plan, "container \"" + container.name() + "\" ended before " + unseen);
    }
    String remark = running.remark();
    if (remark != null) {
      events.note(plan, "container \"" + container.name() + "\" " + remark);
    }
    return running;
  }

  /// Waits for some of the containers to end, and watches all.
  ///
  /// @return false where the time was over first
  private boolean await(List<RunningContainer> awaited, long end)
      throws CriException, IOException, InterruptedException, UnfilteredException {
    for (int turn = 0; ; turn++) {
      for (RunningContainer container : containers) {
        container.passOnLogs();
        if (turn % TURNS_A_QUESTION == 0) {
          container.look();
        }
      }
      if (awaited.stream().allMatch(RunningContainer::hasEnded)) {
        return true;
      }
      if (System.nanoTime() - end >= 0 && end != Long.MAX_VALUE) {
        return false;
      }
      Thread.sleep(TURN);
    }
  }

  private static long after(Duration time) {
    return System.nanoTime() + time.toNanos();
  }

  /// Stops and removes everything that this pod made on the runtime.
  private List<String> end() {
    List<String> left = new ArrayList<>();
    for (RunningContainer container : containers.reversed()) {
      container.stop(plan.shape().grace(), left);
    }
    List<String> sandboxes = new ArrayList<>();
    if (sandboxId != null) {
      sandboxes.add(sandboxId);
    } else if (sandbox != null) {
      // The call was broken off, or failed half-way: ask what came of it.
      try {
        for (ListItem listed : cri.sandboxes(ContainerMaker.labels(plan, settings.runId()))) {
          sandboxes.add(listed.id());
        }
      } catch (CriException e) {
        left.add("perhaps a sandbox of pod " + plan.identity().label() + ": " + e.getMessage());
      }
    }
    for (String id : sandboxes) {
      try {
        cri.stopSandbox(id);
        cri.removeSandbox(id);
      } catch (CriException e) {
        left.add("sandbox " + id + " of pod " + plan.identity().label() + ": " + e.getMessage());
      }
    }
    return left;
  }

  private PodOutcome outcome(@Nullable String failure, List<String> left) {
    Map<String, PodOutcome.ContainerOutcome> known = new LinkedHashMap<>();
    for (RunningContainer container : containers) {
      known.put(container.plan().name(), container.outcome());
    }
    List<PodOutcome.ContainerOutcome> all = new ArrayList<>();
    for (ContainerPlan container : plan.all()) {
      all.add(
          known.getOrDefault(
              container.name(),
              new PodOutcome.ContainerOutcome(
                  container, null, null, null, PodOutcome.Phase.NOT_STARTED)));
    }
    return new PodOutcome(plan, all, failure, left);
  }
}
