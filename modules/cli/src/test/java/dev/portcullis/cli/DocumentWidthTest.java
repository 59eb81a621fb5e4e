package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Documents are read in terminals, too: no line of prose is longer than the code's lines. Tables
/// and what programs print cannot be broken.
class DocumentWidthTest {
  private static final int WIDTH = 100;

  private static List<Path> documents() throws IOException {
    return CheckoutFiles.below("").stream()
        .filter(file -> file.toString().endsWith(".md"))
        .toList();
  }

  @Test
  void noLineOfProseIsTooLong() throws IOException {
    List<Path> documents = documents();
    assertThat(documents).hasSizeGreaterThan(30);
    List<String> tooLong = new ArrayList<>();
    for (Path document : documents) {
      boolean fenced = false;
      int number = 0;
      for (String line : Files.readAllLines(document)) {
        number++;
        if (line.strip().startsWith("```")) {
          fenced = !fenced;
        } else if (!fenced && !line.strip().startsWith("|") && line.length() > WIDTH) {
          tooLong.add(document + ":" + number);
        }
      }
    }
    assertThat(tooLong).isEmpty();
  }
}
