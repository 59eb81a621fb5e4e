package dev.portcullis.run.crio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageNamesTest {
  private static final String DOCKER =
      "[{\"Config\": \"a.json\", \"RepoTags\": [\"localhost/a:1\", \"localhost/a:2\"]},"
          + " {\"Config\": \"b.json\", \"RepoTags\": null}]";
  private static final String OCI =
      """
      {"schemaVersion": 2, "manifests": [
        {"annotations": {"org.opencontainers.image.ref.name": "1", "io.containerd.image.name": "localhost/b:1"}},
        {"annotations": {"org.opencontainers.image.ref.name": "localhost/c:1"}},
        {"annotations": {}}]}
      """;

  @TempDir private Path directory;

  private Path archive(boolean zipped, String... namesAndContents) throws IOException {
    Path file = directory.resolve("archive.tar");
    try (OutputStream out = Files.newOutputStream(file);
        OutputStream plain = zipped ? new GZIPOutputStream(out) : out;
        TarArchiveOutputStream tar = new TarArchiveOutputStream(plain)) {
      for (int i = 0; i < namesAndContents.length; i += 2) {
        byte[] content = namesAndContents[i + 1].getBytes(UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(namesAndContents[i]);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return file;
  }

  @Test
  void asDockerSavesThem() throws Exception {
    for (boolean zipped : new boolean[] {false, true}) {
      Path file = archive(zipped, "layer.tar", "x".repeat(10_000), "manifest.json", DOCKER);
      assertThat(ImageNames.of(file))
          .containsExactly(
              new ImageNames.Named("docker-archive:" + file + ":localhost/a:1", "localhost/a:1"),
              new ImageNames.Named("docker-archive:" + file + ":localhost/a:2", "localhost/a:2"));
    }
  }

  @Test
  void asAnOciLayoutHasThem() throws Exception {
    Path file = archive(false, "oci-layout", "{}", "index.json", OCI);
    assertThat(ImageNames.of(file))
        .containsExactly(
            new ImageNames.Named("oci-archive:" + file + ":1", "localhost/b:1"),
            new ImageNames.Named("oci-archive:" + file + ":localhost/c:1", "localhost/c:1"));
  }

  @Test
  void ofBothTheFirst() throws Exception {
    Path file = archive(false, "index.json", OCI, "manifest.json", DOCKER);
    assertThat(ImageNames.of(file))
        .hasSize(2)
        .first()
        .extracting("name")
        .isEqualTo("localhost/a:1");
  }

  @Test
  void whatNamesNoImageIsRefused() throws Exception {
    assertThatThrownBy(() -> ImageNames.of(archive(false, "manifest.json", "[{\"RepoTags\": []}]")))
        .hasMessageContaining("names no image");
    assertThatThrownBy(() -> ImageNames.of(archive(false, "readme", "hello")))
        .hasMessageContaining("names no image");
    assertThatThrownBy(() -> ImageNames.of(archive(false, "manifest.json", "[")))
        .hasMessageContaining("manifest.json");
    Path text = Files.writeString(directory.resolve("text"), "no tar".repeat(1_000));
    assertThatThrownBy(() -> ImageNames.of(text))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(text.toString());
  }
}
