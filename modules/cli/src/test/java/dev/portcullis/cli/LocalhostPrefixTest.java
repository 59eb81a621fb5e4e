package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Names below the profile root are made in one place, and their keys in another: who adds a path
/// to the prefix by hand forgets that `a//b` and `a/b` are one file.
class LocalhostPrefixTest {
  /// The prefix at the end of a literal, to which something is added.
  private static final String LITERAL = "localhost/\"";

  @Test
  void isSpeltByTheReaderOfNamesAlone() throws IOException {
    List<String> files = new ArrayList<>();
    for (Path source : CheckoutFiles.below("modules")) {
      if (source.toString().matches(".*/src/main/java/.*\\.java")
          && Files.readString(source).contains(LITERAL)) {
        files.add(source.getFileName().toString());
      }
    }
    // The second is CRI's own spelling: there a file on the node follows, no name.
    assertThat(files).containsExactlyInAnyOrder("ProfileText.java", "Requests.java");
  }
}
