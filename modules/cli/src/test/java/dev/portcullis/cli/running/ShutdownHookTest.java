package dev.portcullis.cli.running;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShutdownHookTest {
  @TempDir private Path directory;

  /// Of a file or a pipe, which is not flushed at each line.
  @Test
  void whatIsPrintedAfterASignalIsNotLost() throws Exception {
    Path out = directory.resolve("out");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ShutdownHookTest.class.getName())
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.errorReader().readLine()).isEqualTo("waits");
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(128 + 15);
    assertThat(Files.readString(out)).isEqualTo("the report");
  }

  static void main(String[] args) {
    PrintStream out = new PrintStream(new BufferedOutputStream(System.out), false, UTF_8);
    try (ShutdownHook _ = ShutdownHook.interruptsThisThread(out)) {
      System.err.println("waits");
      ShutdownHook.awaitSignal();
      out.print("the report");
    }
  }
}
