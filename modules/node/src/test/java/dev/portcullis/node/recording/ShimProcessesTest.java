package dev.portcullis.node.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Real processes that are called as a shim is.
@EnabledOnOs(OS.LINUX)
class ShimProcessesTest {
  private static final String SANDBOX = "0123456789abcdef";

  @TempDir private Path directory;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    for (Process process : started) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  /// A shell called `containerd-shim-runc-v2`, which has begun.
  private Process shim(String... before) throws Exception {
    Path file = directory.resolve("containerd-shim-runc-v2");
    if (!Files.exists(file)) {
      Files.copy(Path.of("/bin/sh").toRealPath(), file);
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }
    List<String> command =
        Stream.concat(
                Stream.of(before),
                Stream.of(file.toString(), "-c", "echo begun; read line", "-id", SANDBOX))
            .toList();
    Process process = new ProcessBuilder(command).start();
    started.add(process);
    BufferedReader said = process.inputReader();
    assertThat(said.readLine()).isEqualTo("begun");
    return process;
  }

  @Test
  void aShimIsKnownByTheSandboxInItsCommandLine() throws Exception {
    Process shim = shim();
    assertThat(ShimProcesses.of(SANDBOX)).containsExactly(shim.pid());
    assertThat(ShimProcesses.of("another")).isEmpty();
  }

  @Test
  @EnabledIfSystemProperty(
      named = "user.name",
      matches = "root",
      disabledReason = "needs a namespace")
  void aProgramOfAContainerThatIsCalledSoIsNone() throws Exception {
    Process container = shim("unshare", "--pid", "--fork");
    assertThat(container.descendants()).hasSize(1);
    assertThat(ShimProcesses.of(SANDBOX)).isEmpty();
  }
}
