package dev.portcullis.cli.result;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReplacementTest {
  @TempDir Path temporary;

  private void replace(Path file, String before, String after) throws IOException {
    new FileReplacement(file, before.getBytes(UTF_8), after.getBytes(UTF_8)).write();
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
}
