package dev.portcullis.kernel.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real processes, with control groups of our choice.
class ContainerProcessesTest {
  private static final String ID = "4f1a".repeat(16);

  @TempDir Path proc;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private Process sleeper(String group) throws IOException {
    // SIGTERM is not heeded, as by a runtime's init that hangs in a library.
    Process process =
        new ProcessBuilder("sh", "-c", "trap '' TERM; while :; do sleep 1; done").start();
    started.add(process);
    Path entry = Files.createDirectory(proc.resolve(Long.toString(process.pid())));
    Files.writeString(entry.resolve("cgroup"), "0::" + group + "\n");
    return process;
  }

  @Test
  void allOfTheContainerAndNobodyElse() throws Exception {
    Process first = sleeper("/kubepods/besteffort/podx/" + ID);
    Process second = sleeper("/kubepods/besteffort/podx/cri-containerd-" + ID + ".scope/inner");
    Process other = sleeper("/kubepods/besteffort/podx/" + "4f1b".repeat(16));
    // A process that is gone, one that hides its group, and what is no process.
    Files.createDirectory(proc.resolve("999999999"));
    Files.createDirectory(proc.resolve(Long.toString(ProcessHandle.current().pid())));
    Files.writeString(proc.resolve("uptime"), ID);
    assertThat(ContainerProcesses.kill(ID, proc)).isEqualTo(2);
    assertThat(first.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(second.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(other.isAlive()).isTrue();
  }

  /// What is short, or no id, stands in many groups.
  @Test
  void nothingByWhatIsNoId() throws Exception {
    Process process = sleeper("/kubepods/" + ID);
    for (String bad : List.of("", "/", "kubepods", "4f1a", ID.substring(0, 31), ID + "/..")) {
      assertThat(ContainerProcesses.kill(bad, proc)).as(bad).isZero();
    }
    assertThat(process.isAlive()).isTrue();
  }
}
