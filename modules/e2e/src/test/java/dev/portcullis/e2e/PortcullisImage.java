package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// The image that tools/image makes.
final class PortcullisImage {
  private static final Path REPOSITORY = Path.of("").toAbsolutePath().normalize();

  private PortcullisImage() {}

  /// Makes it, unless it is there and newer than the sources.
  ///
  /// @return the archive
  static Path build() throws IOException, InterruptedException {
    assumeTrue(Files.exists(Path.of("/usr/bin/apt-get")), "no apt-get: the image is of Debian");
    Process process =
        new ProcessBuilder(REPOSITORY.resolve("tools/image").toString(), "--if-needed")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .start();
    boolean ended = process.waitFor(15, TimeUnit.MINUTES);
    if (!ended) {
      process.destroy();
    }
    assertThat(ended).as("tools/image ends").isTrue();
    assertThat(process.exitValue()).as("tools/image").isZero();
    return REPOSITORY.resolve(".build/portcullis-image.tar");
  }
}
