package dev.portcullis.kernel.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.testing.Wait;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveProcessTest {
  @TempDir private Path directory;

  /// A user's program may have the name that a runtime's process has before it becomes the program.
  @ParameterizedTest
  @ValueSource(strings = {"runc", "exe", "7", "#7", "memfd:runc_clon", "memfd:crun_clon"})
  void aProgramWithTheNameOfARuntimeIsSeenInTheEnd(String name) throws Exception {
    Path program = Files.copy(Path.of("/bin/sleep"), directory.resolve(name));
    Process process = new ProcessBuilder(program.toString(), "1000").start();
    try (LiveProcess live = LiveProcess.open(process.pid()).orElseThrow()) {
      Wait.until("its program", () -> (name + "\n").equals(live.read("comm")));
      assertThat(live.seccompOfProgram(0, Duration.ofMinutes(10))).isEmpty();
      LockSupport.parkNanos(50_000_000);
      assertThat(live.seccompOfProgram(0, Duration.ZERO)).isPresent();
      assertThat(live.age()).isBetween(Duration.ofMillis(30), Duration.ofMinutes(10));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void whatAProcessHasFromItsParent() throws Exception {
    Process process = new ProcessBuilder("/bin/sleep", "1000").start();
    try (LiveProcess child = LiveProcess.open(process.pid()).orElseThrow();
        LiveProcess self = LiveProcess.open(ProcessHandle.current().pid()).orElseThrow()) {
      SeccompState own = self.seccomp().orElseThrow();
      assertThat(child.inheritedFilters()).isEqualTo(own.filters() == null ? 0 : own.filters());
      // Whatever this machine's tests run under, it adds nothing.
      assertThat(child.seccomp().orElseThrow().exceeds(child.inheritedFilters())).isFalse();
    } finally {
      process.destroyForcibly();
    }
  }

  /// By the number of the error: its words are in the language of the locale.
  @Test
  void oneThatHasEndedIsNotAFailureAndAnythingElseIs() throws Exception {
    Process process = new ProcessBuilder("/bin/sleep", "1000").start();
    try (LiveProcess live = LiveProcess.open(process.pid()).orElseThrow()) {
      assertThatThrownBy(() -> live.read("task"))
          .hasMessage("/proc/" + process.pid() + "/task cannot be read: read: errno 21");
      assertThat(live.read("task/1/status")).isNull();
      process.destroyForcibly().waitFor();
      assertThat(live.read("status")).isNull();
      assertThat(live.seccomp()).isEmpty();
      assertThat(live.filteredOtherwise()).isEmpty();
      assertThat(live.filteredAlike(1)).isEmpty();
      assertThat(LiveProcess.open(process.pid())).isEmpty();
    } finally {
      process.destroyForcibly();
    }
  }
}
