package dev.portcullis.admission.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettledFilesTest {
  @TempDir Path directory;

  /// A look may fall into somebody's half-written file, or between two that belong together.
  @Test
  void whatIsSeenOnceDoesNotCount() throws IOException {
    Path one = Files.writeString(directory.resolve("one"), "1");
    Path two = Files.writeString(directory.resolve("two"), "2");
    SettledFiles files = new SettledFiles(one, two);
    assertThat(files.used()).containsExactly("1", "2");
    assertThat(files.changed()).isNull();
    Files.writeString(one, "one");
    assertThat(files.changed()).isNull();
    Files.writeString(two, "two");
    assertThat(files.changed()).isNull();
    assertThat(files.changed()).containsExactly("one", "two");
    // Until it is of use to somebody.
    assertThat(files.changed()).containsExactly("one", "two");
    files.take(List.of("one", "two"));
    assertThat(files.changed()).isNull();
    assertThat(files.used()).containsExactly("one", "two");
  }
}
