package dev.portcullis.node.denial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DenialFileTest {
  private static final FileTime LONG_AGO = FileTime.from(Instant.EPOCH);

  @TempDir private Path directory;
  private Path path;
  private DenialFile file;

  @BeforeEach
  void open() {
    path = directory.resolve("denials.json");
    file = new DenialFile(path);
  }

  private static Mapping document(String text) {
    return new MappingBuilder().put("text", text).build();
  }

  /// Also where one that others could read was left behind, or a link to elsewhere.
  @Test
  void nobodyElseReadsIt() throws IOException {
    Path fresh = directory.resolve("denials.json.new");
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "mine");
    Files.createSymbolicLink(fresh, elsewhere);
    Files.writeString(path, "open to all");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
    file.write(document("first"));
    assertThat(path).content().contains("first");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    assertThat(elsewhere).content().isEqualTo("mine");
    assertThat(fresh).doesNotExist();
  }

  /// A thread of an agent that ends may be slow.
  @Test
  void nothingIsWrittenAfterItsEnd() throws IOException {
    file.write(document("first"));
    file.close();
    file.write(document("second"));
    assertThat(path).doesNotExist();
  }

  @Test
  void itsTimeIsASignOfLife() throws IOException {
    file.write(document("same"));
    Object before = Files.getAttribute(path, "unix:ino");
    Files.setLastModifiedTime(path, LONG_AGO);
    file.write(document("same"));
    assertThat(Files.getLastModifiedTime(path)).isGreaterThan(LONG_AGO);
    assertThat(Files.getAttribute(path, "unix:ino")).isEqualTo(before);
  }

  @Test
  void oneThatWasRemovedIsWrittenAgain() throws IOException {
    file.write(document("same"));
    Files.delete(path);
    file.write(document("same"));
    assertThat(path).content().contains("same");
    file.remove();
    assertThat(path).doesNotExist();
    file.remove();
    file.write(document("other"));
    assertThat(path).content().contains("other");
  }
}
