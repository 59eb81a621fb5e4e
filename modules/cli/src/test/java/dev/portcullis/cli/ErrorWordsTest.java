package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The C library says what went wrong in the language of the locale, and the JDK passes its words
/// on: code that looks for them works in English alone. It asks for the type of the exception, or
/// for the number (`kernel.libc`).
class ErrorWordsTest {
  private static final Pattern WORDS =
      Pattern.compile(
          "\"[^\"]*(No such (process|file)|Broken pipe|Permission denied|Operation not permitted"
              + "|Connection re(fused|set)|(Is|Not) a directory|No space left|File exists"
              + "|Too many|Bad file descriptor|Device or resource busy|Read-only file)");

  @Test
  void noCodeLooksForThem() throws IOException {
    List<Path> sources =
        CheckoutFiles.below("modules").stream()
            .filter(file -> file.toString().matches(".*/src/main/java/.*\\.java"))
            .toList();
    assertThat(sources)
        .hasSizeGreaterThan(500)
        .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContainPattern(WORDS));
  }
}
