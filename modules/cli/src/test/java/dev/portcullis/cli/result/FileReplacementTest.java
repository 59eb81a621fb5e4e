package dev.portcullis.cli.result;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReplacementTest {
  @TempDir Path temporary;

  private void replace(Path file, String before, String after) throws IOException {
    replacement(file, before, after).write();
  }

  private FileReplacement replacement(Path file, String before, String after) {
    return new FileReplacement(
        temporary, temporary.relativize(file), before.getBytes(UTF_8), after.getBytes(UTF_8));
  }

  private void onlyThere(Path file) throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aFileGetsAnotherContent() throws IOException {
    Path file = Files.writeString(temporary.resolve("f"), "old");
    replace(file, "old", "new");
    assertThat(file).hasContent("new");
    onlyThere(file);
  }

  @Test
  void aFileThatHasChangedMeanwhileStays() throws IOException {
    Path file = Files.writeString(temporary.resolve("f"), "other");
    assertThatThrownBy(() -> replace(file, "old", "new"))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": not written: it has changed meanwhile; run the command again");
    assertThat(file).hasContent("other");
    onlyThere(file);
  }

  @Test
  void aFileThatIsGoneIsNotMadeAgain() throws IOException {
    Path file = temporary.resolve("f");
    assertThatThrownBy(() -> replace(file, "old", "new"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": not written: ");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void ownerAndModeStay() throws IOException {
    Path file = Files.writeString(temporary.resolve("f"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
    replace(file, "old", "new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rwxr-x--x");
    Path link = Files.createLink(temporary.resolve("other"), file);
    assertThatThrownBy(() -> replace(file, "new", "newer")).hasMessageContaining("2 hard links");
    assertThat(link).hasContent("new");
  }

  /// Anyone who may write the directory puts a link in its place, after the file was read: to a
  /// directory that has the same file, which nobody named.
  @Test
  void aDirectoryThatBecameALinkIsNotFollowed() throws IOException {
    Path inside = Files.createDirectories(temporary.resolve("tree/a/b"));
    Path outside = Files.createDirectories(temporary.resolve("outside/b"));
    Files.writeString(inside.resolve("f"), "old");
    Files.writeString(outside.resolve("f"), "old");
    FileReplacement replacement =
        new FileReplacement(
            temporary.resolve("tree"),
            Path.of("a/b/f"),
            "old".getBytes(UTF_8),
            "new".getBytes(UTF_8));
    Files.move(temporary.resolve("tree/a"), temporary.resolve("tree/moved"));
    Files.createSymbolicLink(temporary.resolve("tree/a"), outside.getParent());
    assertThatThrownBy(replacement::write).hasMessageContaining("tree/a/b/f: not written: ");
    assertThat(outside.resolve("f")).hasContent("old");
    assertThat(outside).isDirectoryNotContaining("glob:**.new");
    // Without the link it is written.
    Files.delete(temporary.resolve("tree/a"));
    Files.move(temporary.resolve("tree/moved"), temporary.resolve("tree/a"));
    replacement.write();
    assertThat(inside.resolve("f")).hasContent("new");
  }

  /// The same while it is written, again and again.
  @Test
  void aDirectoryThatTurnsIntoALinkMeanwhileIsNotFollowed() throws Exception {
    Path tree = temporary.resolve("tree");
    Path inside = Files.createDirectories(tree.resolve("a"));
    Path outside = Files.createDirectories(temporary.resolve("outside"));
    Files.writeString(outside.resolve("f"), "old");
    AtomicBoolean done = new AtomicBoolean();
    Thread attacker =
        Thread.ofPlatform()
            .start(() -> {
              try {
                while (!done.get()) {
                  Files.move(inside, tree.resolve("moved"));
                  Files.createSymbolicLink(inside, outside);
                  Files.delete(inside);
                  Files.move(tree.resolve("moved"), inside);
                }
              } catch (IOException unexpected) {
                throw new UncheckedIOException(unexpected);
              }
            });
    int written = 0;
    int refused = 0;
    try {
      for (int i = 0; i < 300; i++) {
        try {
          Files.writeString(tree.resolve(i % 2 == 0 ? "a/f" : "moved/f"), "old");
        } catch (IOException moved) {
          continue;
        }
        try {
          new FileReplacement(tree, Path.of("a/f"), "old".getBytes(UTF_8), "new".getBytes(UTF_8))
              .write();
          written++;
        } catch (IOException expected) {
          refused++;
        }
        // Written by the test itself where it hit the link.
        if (Files.readString(outside.resolve("f")).equals("new")) {
          throw new AssertionError("written through the link, at " + i);
        }
      }
    } finally {
      done.set(true);
      attacker.join();
    }
    assertThat(written + refused).isPositive();
    assertThat(outside).isDirectoryNotContaining("glob:**.new");
  }
}
