package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.testing.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shell that makes the start-up caches, two at a time; here each is made by a second of sleep.
class StartUpCachesTest {
  private static final String SCRIPT =
      """
      say() { printf '%s\\n' "$1"; }
      log=$1/build.log
      . tools/caches.sh
      make_command_cache() {
        : >"$2/$1.begun"
        sleep 1
        [ "$1" != check ] && : >"$2/$1.aot"
      }
      exec 9>"$1/lock"
      flock 9
      make_command_caches "$1" java classpath
      """;

  @TempDir private Path directory;

  private Process make() throws IOException {
    return new ProcessBuilder("sh", "-c", SCRIPT, "sh", directory.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private List<String> files(String ending) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .map(name -> name.substring(0, name.length() - ending.length()))
          .sorted()
          .toList();
    }
  }

  private boolean lockIsFree() throws IOException, InterruptedException {
    return new ProcessBuilder("flock", "-n", directory.resolve("lock").toString(), "true")
            .start()
            .waitFor()
        == 0;
  }

  @Test
  void allAreMadeButTheOneThatCannotBe() throws Exception {
    assertThat(make().waitFor()).isZero();
    assertThat(files(".begun")).hasSize(6).contains("check");
    assertThat(files(".aot")).hasSize(5).doesNotContain("check");
  }

  @Test
  void aSignalLeavesNoneHalfMade() throws Exception {
    Process making = make();
    Wait.until("two have begun", () -> files(".begun").size() == 2);
    making.destroy();
    assertThat(making.waitFor()).isEqualTo(143);
    assertThat(files(".begun")).containsExactly("check", "version");
    assertThat(files(".aot")).containsExactly("version");
    assertThat(lockIsFree()).isTrue();
  }

  /// The next build does not wait for what is left of this one.
  @Test
  void thoseUnderWayDoNotHoldTheLock() throws Exception {
    Process making = make();
    Wait.until("two have begun", () -> files(".begun").size() == 2);
    making.destroyForcibly().waitFor();
    assertThat(files(".aot")).isEmpty();
    assertThat(lockIsFree()).isTrue();
    Wait.until("the other is made", () -> files(".aot").size() == 1);
  }
}
