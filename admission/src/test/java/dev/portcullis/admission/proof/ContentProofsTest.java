package dev.portcullis.admission.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ContentProofsTest {
  @TempDir private Path directory;

  /// The webhook has 64 MB and ends when they are used up. A third of that is enough for every
  /// proof, whoever wrote the profiles: what takes more is not proven.
  @Test
  void noProfileTakesTheMemoryOfTheWebhook() throws Exception {
    Path said = directory.resolve("said");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx24m",
                "-Xmn6m",
                "-Xss512k",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                ProofsInLittleMemory.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(said, UTF_8);
    assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
    assertThat(lines).hasSize(45);
    assertThat(lines.getFirst()).startsWith("easy: NoWeaker");
    assertThat(lines.getLast()).startsWith("easy again: Weaker");
    assertThat(lines)
        .anySatisfy(line -> assertThat(line).contains("Unprovable", "cannot be decided: "));
  }
}
