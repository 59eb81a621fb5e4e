package dev.portcullis.run.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTreeTest {
  @TempDir private Path directory;

  @Test
  void whatALinkLeadsToStays() throws Exception {
    Path other = Files.createDirectory(directory.resolve("other"));
    Path file = Files.createFile(other.resolve("file"));
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.createFile(Files.createDirectories(root.resolve("a/b")).resolve("c"));
    Files.createSymbolicLink(root.resolve("link"), other);
    Files.createSymbolicLink(root.resolve("nowhere"), Path.of("missing"));
    DirectoryTree.remove(root);
    assertThat(root).doesNotExist();
    assertThat(file).exists();
    DirectoryTree.remove(Files.createSymbolicLink(root, other));
    assertThat(Files.isSymbolicLink(root)).isFalse();
    assertThat(file).exists();
  }

  @Test
  void oneThatIsNotThereIsNoFailure() throws Exception {
    DirectoryTree.remove(directory.resolve("missing"));
    assertThat(directory).exists();
  }
}
