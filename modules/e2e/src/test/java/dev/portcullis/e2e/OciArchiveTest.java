package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What tools/oci-archive.sh writes, on files of a few bytes.
class OciArchiveTest {
  private static final Path SCRIPT = Path.of("tools/oci-archive.sh").toAbsolutePath();
  private static final String NAME = "localhost/portcullis/tiny:1";

  @TempDir private Path directory;

  @BeforeEach
  void files() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(root.resolve("etc/b"), "b");
    Files.writeString(root.resolve("etc/a"), "a");
    Files.writeString(root.resolve("not listed"), "secret");
    Files.createSymbolicLink(root.resolve("link"), Path.of("etc/a"));
    Files.writeString(directory.resolve("lower"), "etc\netc/b\n");
    Files.writeString(directory.resolve("upper"), "link\netc/a\n");
    Files.writeString(
        directory.resolve("config"),
        """
        "architecture":"amd64","os":"linux","config":{"User":"1:1"}\
        """);
  }

  private Process run(String output) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(SCRIPT.toString(), output, NAME, "config", "root", "lower", "upper")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("SOURCE_DATE_EPOCH", "1000000000");
    return builder.start();
  }

  private OciArchive write(String name) throws IOException, InterruptedException {
    assertThat(run(name).waitFor()).isZero();
    return OciArchive.read(directory.resolve(name));
  }

  @Test
  void bothFormsNameTheSameImage() throws IOException, InterruptedException {
    OciArchive archive = write("image.tar");
    assertThat(archive.names()).containsOnly(NAME);
    assertThat(archive.layers()).isEqualTo(archive.dockerLayers()).hasSize(2);
    assertThat(archive.config().text("created")).isEqualTo("2001-09-09T01:46:40Z");
    assertThat(archive.config().at("config").text("User")).isEqualTo("1:1");
  }

  @Test
  void everyDigestIsThatOfItsContent() throws IOException, InterruptedException {
    OciArchive archive = write("image.tar");
    archive.checkDigests();
    assertThat(archive.config().at("rootfs").texts("diff_ids"))
        .isEqualTo(archive.uncompressedDigests());
  }

  @Test
  void aLayerHasWhatItsListSaysAndNothingElse() throws IOException, InterruptedException {
    OciArchive archive = write("image.tar");
    assertThat(archive.files(0)).containsExactly("etc/", "etc/b");
    assertThat(archive.files(1)).containsExactly("etc/a", "link");
  }

  @Test
  void theSameFilesGiveTheSameBytes() throws IOException, InterruptedException {
    write("one.tar");
    Files.setLastModifiedTime(directory.resolve("root/etc/a"), FileTime.fromMillis(0));
    write("two.tar");
    assertThat(directory.resolve("two.tar")).hasSameBinaryContentAs(directory.resolve("one.tar"));
    Files.writeString(directory.resolve("root/etc/a"), "A");
    OciArchive changed = write("three.tar");
    assertThat(changed.layers().getFirst())
        .isEqualTo(OciArchive.read(directory.resolve("one.tar")).layers().getFirst());
    assertThat(changed.layers().getLast())
        .isNotEqualTo(OciArchive.read(directory.resolve("one.tar")).layers().getLast());
  }

  @Test
  void aFailureLeavesNoArchive() throws IOException, InterruptedException {
    Files.writeString(directory.resolve("upper"), "link\nmissing\n");
    assertThat(run("image.tar").waitFor()).isNotZero();
    try (var left = Files.list(directory)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("root", "lower", "upper", "config");
    }
  }
}
