package dev.portcullis.kernel.process;

import static dev.portcullis.kernel.process.FilteredThread.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Program;
import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reading filters does nothing to a process that waits: each of these waits in one system call, is
/// stopped again and again until the call is over, and nothing else comes of it than without.
@EnabledIf(value = "possible", disabledReason = "needs root on Linux, x86_64")
class StoppedWaitTest {
  private static final int RESTART_SYSCALL = 219;
  private static final int ERRNO = 0x00050000;
  private static final int KILL_PROCESS = 0x80000000;
  private static final int ALLOW = 0x7fff0000;
  private static final int LEAST = 40;
  private static final int MOST_ROUNDS = 20_000;

  /// What each says where nobody stops it.
  private static final Map<String, String> RIGHT =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("nanosleep", "0 0 True"),
              Map.entry("clock_nanosleep", "0 0 True"),
              Map.entry("clock_nanosleep-absolute", "0 0 True"),
              Map.entry("poll", "0 0 True"),
              Map.entry("ppoll", "0 0 True"),
              Map.entry("select", "0 0 True"),
              Map.entry("pselect6", "0 0 True"),
              // ETIMEDOUT
              Map.entry("futex", "-1 110 True"),
              Map.entry("futex-absolute", "-1 110 True"),
              Map.entry("epoll_wait", "1 0 True"),
              Map.entry("epoll_wait-timed", "0 0 True"),
              Map.entry("epoll_pwait2", "1 0 True"),
              Map.entry("rt_sigtimedwait", "14 0 True"),
              Map.entry("read", "8 0 True"),
              Map.entry("wait4", "1 0 True"),
              // EINTR, by a handler of the program
              Map.entry("pause-handler", "-1 4 True"),
              Map.entry("nanosleep-handler", "-1 4 True"),
              Map.entry("epoll_wait-handler", "-1 4 True")));

  @TempDir private Path directory;
  private final List<Process> shells = new ArrayList<>();
  private final List<Long> waiting = new ArrayList<>();

  static boolean possible() {
    return LiveFiltersTest.possible();
  }

  @AfterEach
  void end() throws Exception {
    for (long pid : waiting) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    for (Process shell : shells) {
      shell.destroyForcibly().waitFor();
    }
  }

  private void start(Program filter, String kind, int seconds, Path said) throws Exception {
    Path script = Path.of(StoppedWaitTest.class.getResource("/waiting.py").toURI());
    Process shell =
        FilteredThread.call(
            List.of(filter),
            () ->
                new ProcessBuilder(
                        "sh",
                        "-c",
                        "python3 -SE \"$@\" & echo $!; wait $! || echo \"$2: exit $?\" >> \"$4\"",
                        "sh",
                        script.toString(),
                        kind,
                        Integer.toString(seconds),
                        said.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
    shells.add(shell);
    waiting.add(Long.valueOf(shell.inputReader().readLine()));
  }

  /// Stops all of them in turn until none is left; how often the one that was stopped least.
  private int stopUntilOver(Program filter) throws Exception {
    List<LiveProcess> left = new ArrayList<>();
    Map<Long, Integer> times = new TreeMap<>();
    for (long pid : waiting) {
      left.add(LiveProcess.open(pid).orElseThrow());
      times.put(pid, 0);
    }
    for (int round = 0; round < MOST_ROUNDS && !left.isEmpty(); round++) {
      for (LiveProcess process : List.copyOf(left)) {
        if (!waitsInACall(process)) {
          LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
          if (process.seccomp().isEmpty() || isDead(process)) {
            left.remove(process);
            process.close();
          }
          continue;
        }
        Optional<LiveFilters> live = LiveFilters.read(process);
        if (live.isPresent()) {
          assertThat(live.get().filters()).isEqualTo(Filters.of(filter));
          times.merge(process.pid(), 1, Integer::sum);
        }
      }
    }
    assertThat(left).as("waits that are not over").isEmpty();
    return times.values().stream().mapToInt(Integer::intValue).min().orElseThrow();
  }

  private static boolean isDead(LiveProcess process) throws Exception {
    String status = process.read("status");
    return status == null || String.valueOf(SeccompState.field(status, "State")).startsWith("Z");
  }

  private static boolean waitsInACall(LiveProcess process) throws Exception {
    String status = process.read("status");
    return status != null
        && String.valueOf(SeccompState.field(status, "Name")).startsWith("python")
        && String.valueOf(SeccompState.field(status, "State")).startsWith("S");
  }

  @ParameterizedTest
  @ValueSource(ints = {ALLOW, ERRNO | 1, KILL_PROCESS})
  void nobodyNotices(int answer) throws Exception {
    Program filter = answering(RESTART_SYSCALL, answer);
    int least = 0;
    // Longer where the machine is slow.
    for (int seconds = 4; seconds <= 64 && least < LEAST; seconds *= 2) {
      waiting.clear();
      Path said = directory.resolve("said-" + seconds);
      for (String kind : RIGHT.keySet()) {
        start(filter, kind, seconds, said);
      }
      least = stopUntilOver(filter);
      for (Process shell : shells) {
        shell.waitFor();
      }
      Map<String, String> results = new TreeMap<>();
      for (String line : Files.readAllLines(said)) {
        results.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(' ') + 1));
      }
      assertThat(results).isEqualTo(RIGHT);
    }
    assertThat(least).isGreaterThanOrEqualTo(LEAST);
  }

  @Test
  void whoWaitsForAnAgentIsNotStopped() throws Exception {
    start(answering(RESTART_SYSCALL, ALLOW), "notify", 1, directory.resolve("said"));
    try (LiveProcess process = LiveProcess.open(waiting.getFirst()).orElseThrow()) {
      Wait.until(
          "it waits for an agent", () -> process.waitsFor(process.pid()).contains("seccomp"));
      assertThatThrownBy(() -> LiveFilters.read(process))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("waits for the seccomp agent");
    }
  }
}
