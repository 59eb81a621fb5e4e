package dev.portcullis.container.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {
  @TempDir private Path directory;

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void nobodyButItsOwnerMayReadIt() throws IOException {
    Path inside = directory.resolve("a/b");
    PrivateFile.createDirectory(inside);
    PrivateFile.createDirectory(inside);
    assertThat(permissions(inside)).isEqualTo("rwx------");
    PrivateFile.write(inside.resolve("f"), "1".getBytes(UTF_8), PrivateFile.WRITABLE);
    assertThat(permissions(inside.resolve("f"))).isEqualTo("rw-------");
    PrivateFile.write(inside.resolve("f"), "2".getBytes(UTF_8), PrivateFile.READABLE);
    assertThat(permissions(inside.resolve("f"))).isEqualTo("r--------");
    assertThat(inside.resolve("f")).hasContent("2");
  }

  /// A link would lead the content to where somebody else wants it.
  @Test
  void aLinkThatAKilledProcessCouldHaveLeftIsNotFollowed() throws IOException {
    Path elsewhere = directory.resolve("elsewhere");
    Files.createSymbolicLink(directory.resolve("f.new"), elsewhere);
    PrivateFile.write(directory.resolve("f"), "1".getBytes(UTF_8), PrivateFile.WRITABLE);
    assertThat(elsewhere).doesNotExist();
    assertThat(directory.resolve("f")).hasContent("1").isRegularFile();
  }

  @Test
  void whereItCannotBeWrittenTheOldOneStaysAndNothingElse() throws IOException {
    Path occupied = Files.createDirectories(directory.resolve("f/inside"));
    assertThatIOException()
        .isThrownBy(() ->
            PrivateFile.write(directory.resolve("f"), "1".getBytes(UTF_8), PrivateFile.WRITABLE));
    assertThat(occupied).isDirectory();
    assertThat(directory.resolve("f.new")).doesNotExist();
  }
}
