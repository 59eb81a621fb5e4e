package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class ImageVerbTest {
  @TempDir private Path directory;

  static boolean hasBusybox() {
    return Files.exists(Path.of("/bin/busybox"));
  }

  @Test
  @EnabledIf(value = "hasBusybox", disabledReason = "needs busybox-static")
  void theImageOfTheExamplesIsWritten() throws Exception {
    Path file = directory.resolve("busybox.tar");
    Run run = Run.of("image", "save", "--output-file", file.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("localhost/portcullis/busybox:1 is in " + file);
    // The pause process of our own containerd is nobody else's.
    assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
        .contains("\"RepoTags\":[\"localhost/portcullis/busybox:1\"]")
        .doesNotContain("portcullis/pause");
    assertThat(Run.of("image", "save", "--output-file", file.toString()).err())
        .contains("--overwrite");
    assertThat(Run.of("image", "save", "--output-file", file.toString(), "--overwrite").code())
        .isZero();
  }

  @Test
  void itNeedsAFile() {
    assertThat(Run.of("image", "save").code()).isEqualTo(2);
    assertThat(Run.of("image", "save", "busybox.tar").code()).isEqualTo(2);
    assertThat(Run.of("image").code()).isEqualTo(2);
  }
}
