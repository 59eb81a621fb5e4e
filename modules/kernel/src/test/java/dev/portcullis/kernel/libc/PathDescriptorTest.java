package dev.portcullis.kernel.libc;

import static dev.portcullis.kernel.libc.ErrorNumbers.ELOOP;
import static dev.portcullis.kernel.libc.ErrorNumbers.ENOENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathDescriptorTest {
  @TempDir private Path directory;

  private static SystemCallException refused(Path path) {
    return catchThrowableOfType(
        SystemCallException.class, () -> PathDescriptor.openWithoutLinks(path.toString()).close());
  }

  @Test
  void anErrorIsItsNumber() throws Exception {
    SystemCallException missing = refused(directory.resolve("missing"));
    assertThat(missing.errno()).isEqualTo(ENOENT);
    assertThat(missing).hasMessage("openat2: errno 2");
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
    assertThat(refused(link).errno()).isEqualTo(ELOOP);
    assertThat(refused(link.resolve("missing")).errno()).isEqualTo(ELOOP);
  }

  @Test
  void itHoldsTheFileWhateverTakesItsPlace() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "first");
    try (PathDescriptor held = PathDescriptor.openWithoutLinks(file.toString())) {
      Files.delete(file);
      Files.writeString(file, "second");
      assertThat(Path.of("/proc/self/fd/" + held.number())).hasContent("first");
    }
  }

  @Test
  void aDirectoryGivesItsFilesAndNoLongerOnes() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x".repeat(9_000));
    try (PathDescriptor held = PathDescriptor.open(directory.toString())) {
      assertThat(held.read("file", 9_000)).isEqualTo(Files.readAllBytes(file));
      assertThatThrownBy(() -> held.read("file", 8_999)).hasMessage("read: errno 27");
      assertThatThrownBy(() -> held.read("file", 4_096)).hasMessage("read: errno 27");
      assertThatThrownBy(() -> held.read("missing", 1)).hasMessage("openat: errno 2");
      Files.writeString(file, "");
      assertThat(held.read("file", 0)).isEmpty();
    }
  }

  /// The kernel gives its number to the next file that is opened: another thread that still reads
  /// must not read that one, nor a second close close it.
  @Test
  void aClosedOneReadsNothing() throws Exception {
    Files.writeString(directory.resolve("file"), "x");
    PathDescriptor closed = PathDescriptor.open(directory.toString());
    closed.close();
    try (PathDescriptor next = PathDescriptor.open(directory.toString())) {
      assertThatThrownBy(() -> closed.read("file", 1)).hasMessage("openat: errno 9");
      closed.close();
      assertThat(next.read("file", 1)).hasSize(1);
    }
  }
}
