package dev.portcullis.kernel.process;

import static dev.portcullis.kernel.process.FilteredThread.denying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/// Filters of processes that are no children of this one, but of a shell that inherited filters
/// from a thread.
@EnabledIf(value = "possible", disabledReason = "needs root on Linux, x86_64")
class LiveFiltersTest {
  private static final Program OLDER = denying(0x3777, 7);
  private static final Program NEWER = denying(0x3778, 8);

  private final List<Process> shells = new ArrayList<>();
  private final List<Long> sleepers = new ArrayList<>();

  static boolean possible() {
    return "root".equals(System.getProperty("user.name"))
        && "amd64".equals(System.getProperty("os.arch"));
  }

  /// A process that a shell started under these filters.
  private long start(List<Program> oldestFirst, String command) throws Exception {
    Process shell =
        FilteredThread.call(
            oldestFirst,
            () ->
                new ProcessBuilder("sh", "-c", command + " >/dev/null 2>&1 & echo $!; wait")
                    .start());
    shells.add(shell);
    long pid = Long.parseLong(shell.inputReader().readLine());
    sleepers.add(pid);
    return pid;
  }

  private long sleeper(Program... oldestFirst) throws Exception {
    return start(List.of(oldestFirst), "exec sleep 600");
  }

  @AfterEach
  void end() throws Exception {
    for (long pid : sleepers) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    for (Process shell : shells) {
      shell.destroyForcibly().waitFor();
    }
  }

  private static Optional<LiveFilters> read(long pid) throws Exception {
    try (LiveProcess process = LiveProcess.open(pid).orElseThrow()) {
      return LiveFilters.read(process);
    }
  }

  private static String status(long pid, String field) throws IOException {
    return String.valueOf(
        SeccompState.field(Files.readString(Path.of("/proc/" + pid + "/status")), field));
  }

  private static void awaitState(long pid, String letter) throws Exception {
    Wait.until("state " + letter, () -> status(pid, "State").startsWith(letter));
  }

  @Test
  void newestFirstAndTheProcessGoesOn() throws Exception {
    long pid = sleeper(OLDER, NEWER);
    LiveFilters live = read(pid).orElseThrow();
    assertThat(live.filters()).isEqualTo(new Filters(List.of(NEWER, OLDER)));
    assertThat(filteredOtherwise(pid)).isEmpty();
    assertThat(live.stopped()).isPositive();
    assertThat(status(pid, "TracerPid")).isEqualTo("0");
    awaitState(pid, "S");
    assertThat(read(pid).orElseThrow().filters()).isEqualTo(live.filters());
  }

  @Test
  void aProcessWithoutAFilterHasNone() throws Exception {
    assertThat(read(sleeper()).orElseThrow().filters()).isEqualTo(Filters.NONE);
  }

  @Test
  void aThreadOfTheKernelHasNoFilters() throws Exception {
    long pid = 2;
    assumeTrue(status(pid, "Name").equals("kthreadd"), "process 2 is not kthreadd here");
    assertThatThrownBy(() -> read(pid)).hasMessageContaining("it is a kernel thread");
  }

  @Test
  void oneThatIsStoppedStaysStopped() throws Exception {
    long pid = sleeper(OLDER);
    new ProcessBuilder("kill", "-STOP", Long.toString(pid)).start().waitFor();
    awaitState(pid, "T");
    assertThat(read(pid).orElseThrow().filters()).isEqualTo(Filters.of(OLDER));
    awaitState(pid, "T");
    new ProcessBuilder("kill", "-CONT", Long.toString(pid)).start().waitFor();
    awaitState(pid, "S");
  }

  @Test
  void aBusyProcessLosesNoSignal() throws Exception {
    long pid =
        start(List.of(OLDER), "exec sh -c 'n=0; trap \"n=1\" USR1; while [ $n = 0 ]; do :; done'");
    for (int i = 0; i < 50; i++) {
      assertThat(read(pid).orElseThrow().filters()).isEqualTo(Filters.of(OLDER));
    }
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    new ProcessBuilder("kill", "-USR1", Long.toString(pid)).start();
    while (process.isAlive()) {
      // It may have ended by now.
      Optional<LiveProcess> alive = LiveProcess.open(pid);
      if (alive.isPresent()) {
        try (LiveProcess live = alive.get()) {
          LiveFilters.read(live);
        }
      }
    }
  }

  @Test
  void oneThatIsTracedAlreadyIsLeftAlone() throws Exception {
    long pid = sleeper(OLDER);
    try (Tracee tracee = Tracee.seize((int) pid)) {
      tracee.stop(Deadline.in(Duration.ofSeconds(10)));
      assertThat(status(pid, "State")).startsWith("t");
      String tracer = status(pid, "TracerPid");
      assertThat(tracer).isNotEqualTo("0");
      assertThatThrownBy(() -> read(pid))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("process " + pid)
          .hasMessageContaining("traces it")
          .hasMessageContaining("TracerPid: " + tracer);
      assertThat(status(pid, "State")).startsWith("t");
    }
    awaitState(pid, "S");
    assertThat(read(pid)).isPresent();
  }

  @Test
  void whoHasAFilterIsToldNothing() throws Exception {
    long pid = sleeper(OLDER);
    assertThatThrownBy(() -> FilteredThread.call(List.of(NEWER), () -> read(pid)))
        .rootCause()
        .isInstanceOf(IOException.class)
        .hasMessageContaining("CAP_SYS_ADMIN")
        .hasMessageContaining("a Portcullis without a filter");
    assertThat(status(pid, "TracerPid")).isEqualTo("0");
    awaitState(pid, "S");
  }

  @Test
  void oneThatEnds() throws Exception {
    long pid = sleeper(OLDER);
    try (LiveProcess process = LiveProcess.open(pid).orElseThrow()) {
      ProcessHandle handle = ProcessHandle.of(pid).orElseThrow();
      handle.destroyForcibly();
      handle.onExit().get(1, TimeUnit.MINUTES);
      assertThat(LiveFilters.read(process)).isEmpty();
    }
  }

  @Test
  void oneThatEndsWhileItStandsStill() throws Exception {
    long pid = sleeper(OLDER);
    try (Tracee tracee = Tracee.seize((int) pid)) {
      tracee.stop(Deadline.in(Duration.ofSeconds(10)));
      tracee.collect();
      assertThat(tracee.filters()).hasSize(1);
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 1_000_000; i++) {
                  tracee.collect();
                }
              })
          .isInstanceOf(Tracee.GoneException.class);
    }
  }

  @Test
  void oneThatNobodyHasAskedHowItEnded() throws Exception {
    long pid = start(List.of(OLDER), "exec sh -c 'true & exec sleep 60'");
    // The sleeper is the parent that never asks.
    Path children = Path.of("/proc/" + pid + "/task/" + pid + "/children");
    Wait.until("it has a child", () -> !Files.readString(children).isBlank());
    long dead = Long.parseLong(Files.readString(children).strip());
    awaitState(dead, "Z");
    assertThat(read(dead)).isEmpty();
  }

  @Test
  void nobodyStaysStoppedWhenTheTracerDies() throws Exception {
    long pid = sleeper(OLDER);
    Process tracer = Stopping.start(pid);
    assertThat(tracer.inputReader().readLine()).isEqualTo("stopped");
    assertThat(status(pid, "State")).startsWith("t");
    tracer.destroyForcibly().waitFor();
    awaitState(pid, "S");
    assertThat(status(pid, "TracerPid")).isEqualTo("0");
  }

  @Test
  void strictModeIsNoFilter() throws Exception {
    long pid = start(List.of(), "exec python3 -c '" + STRICT + "'");
    Wait.until("strict mode", () -> status(pid, "Seccomp").equals("1"));
    assertThatThrownBy(() -> read(pid))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("strict mode");
  }

  /// prctl(2), PR_SET_SECCOMP. Reading is allowed, and standard input of a background job is empty:
  /// it spins.
  private static final String STRICT =
      """
      import ctypes
      c = ctypes.CDLL(None)
      c.prctl(22, 1, 0, 0, 0)
      while True: pass
      """;

  @Test
  void threadsWithOtherFiltersAreNamed() throws Exception {
    long pid = Stopping.startWithAFilteredThread();
    sleepers.add(pid);
    assertThat(read(pid).orElseThrow().filters()).isEqualTo(Filters.NONE);
    assertThat(filteredOtherwise(pid)).isNotEmpty();
    try (LiveProcess process = LiveProcess.open(pid).orElseThrow()) {
      for (long thread : process.filteredOtherwise()) {
        assertThat(LiveFilters.read(process, thread).orElseThrow().filters())
            .isEqualTo(Filters.of(OLDER));
      }
    }
  }

  private static List<Long> filteredOtherwise(long pid) throws IOException {
    try (LiveProcess process = LiveProcess.open(pid).orElseThrow()) {
      return process.filteredOtherwise();
    }
  }

  @Test
  void theBoundingSetHasNames() throws Exception {
    long pid = start(List.of(), "exec capsh --drop=cap_sys_admin,cap_bpf -- -c \"exec sleep 60\"");
    Wait.until("its program", () -> status(pid, "Name").equals("sleep"));
    try (LiveProcess process = LiveProcess.open(pid).orElseThrow()) {
      assertThat(process.boundingCapabilities().orElseThrow())
          .contains("CAP_CHOWN", "CAP_CHECKPOINT_RESTORE", "CAP_SETFCAP")
          .doesNotContain("CAP_SYS_ADMIN", "CAP_BPF");
    }
  }
}
