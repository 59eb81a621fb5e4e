package dev.portcullis.run.recording;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.cri.SeccompSetting;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.kernel.notification.CallObserver;
import dev.portcullis.kernel.notification.CallSupervisor;
import dev.portcullis.kernel.notification.Handover;
import dev.portcullis.run.pod.ContainerPlan;
import dev.portcullis.run.pod.PodPlan;
import dev.portcullis.run.pod.PreparedProfile;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.profile.Listener;
import dev.portcullis.seccomp.profile.ProfileContent;
import dev.portcullis.seccomp.recording.KeptProfile;
import dev.portcullis.seccomp.recording.RecordedRun;
import dev.portcullis.seccomp.recording.RecordingFilter;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Records the containers of a run: the profile that each runs under asks this process about its
/// calls, which lets all of them go on, but for those that a kept profile refuses.
public final class RunRecorder implements AutoCloseable {
  private static final Duration UNTIL_ENDED = Duration.ofSeconds(10);

  private record Key(String pod, String container) {}

  private final Path socket;
  private final ThisMachine machine;
  private final SyscallTable table;
  private final Snapshots snapshots;
  private final CallSupervisor supervisor;

  // By the metadata of the profile, which the runtime hands over with the listener.
  private final Map<String, ContainerRecorder> recorders = new ConcurrentHashMap<>();
  private final Map<Key, ContainerRecorder> containers = new LinkedHashMap<>();

  /// Starts to listen.
  ///
  /// @param directory only root can enter; the socket is made there
  /// @param snapshots what runtimes read
  public RunRecorder(Path directory, ThisMachine machine, SyscallTable table, Snapshots snapshots)
      throws IOException {
    this.socket = directory.resolve("listener.sock");
    this.machine = machine;
    this.table = table;
    this.snapshots = snapshots;
    supervisor = CallSupervisor.listen(socket, machine.kernel(), this::observer);
  }

  private @Nullable CallObserver observer(Handover handover) {
    ContainerRecorder recorder = recorders.get(handover.metadata());
    return recorder == null ? null : recorder.observer();
  }

  /// The profile under which a container is recorded.
  ///
  /// @param ociRuntime that makes it, `runc` or `crun`; empty where that is not known
  /// @param kept what refuses calls meanwhile; null for nothing
  public PreparedProfile profile(
      PodPlan pod, ContainerPlan container, String ociRuntime, @Nullable KeptProfile kept)
      throws IOException {
    String token = pod.identity().uid() + "/" + container.name();
    ContainerRecorder recorder =
        new ContainerRecorder(
            new RecordedRun(
                pod.identity().label(),
                container.name(),
                container.image().reference(),
                ociRuntime,
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip()),
            machine.architecture(),
            table,
            kept);
    recorders.put(token, recorder);
    containers.put(new Key(pod.identity().uid(), container.name()), recorder);
    String text =
        ProfileWriter.write(
            RecordingFilter.of(
                machine.architecture(),
                table,
                new Listener(socket.toString(), token),
                ociRuntime.equals("crun"),
                kept));
    // Never closed: the directory goes with the run.
    SeccompSetting setting =
        new SeccompSetting.Localhost(
            snapshots.hold(new ProfileContent(text.getBytes(UTF_8))).file());
    return new PreparedProfile(setting, setting, null, List.of());
  }

  /// What was recorded, once all pods have ended.
  public List<RecordedContainer> records() throws InterruptedException {
    boolean _ = supervisor.awaitEnd(UNTIL_ENDED);
    List<RecordedContainer> records = new ArrayList<>();
    containers.forEach((key, recorder) -> {
      List<String> failures = new ArrayList<>(recorder.failures());
      String failure = supervisor.failure();
      if (failure != null) {
        failures.add(failure);
      }
      records.add(
          new RecordedContainer(
              key.pod(), key.container(), recorder.recording(), recorder.interrupted(), failures));
    });
    return records;
  }

  @Override
  public void close() {
    supervisor.close();
  }
}
