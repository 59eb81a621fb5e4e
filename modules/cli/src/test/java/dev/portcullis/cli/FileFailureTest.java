package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that cannot be read, said in the same words by every verb that reads files.
class FileFailureTest {
  private static final List<String> VERBS =
      List.of(
          "check",
          "run",
          "fix",
          "exposure",
          "policy convert",
          "policy generate",
          "policy test",
          "profile validate",
          "profile show",
          "profile convert --to oci",
          "profile derive --deny ptrace");

  @TempDir private Path directory;

  @BeforeEach
  void files() throws IOException {
    Files.writeString(directory.resolve("default.yaml"), "");
    Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
    Files.createSymbolicLink(directory.resolve("dangling"), Path.of("gone"));
  }

  private void allSay(String file, String words) {
    String path = directory.resolve(file).toString();
    for (String verb : VERBS) {
      Run run = Run.of((verb + " " + path).split(" ", -1));
      assertThat(run.err()).as(verb).contains("error: " + path + ": " + words + "\n");
      assertThat(run.code()).as(verb).isEqualTo(3);
      assertThat(run.err()).as(verb).doesNotContain("?;", "Exception", "; ;");
    }
  }

  @Test
  void noneOfThatName() {
    allSay("else.json", "no such file or directory");
    allSay(
        "defualt.yaml",
        "no such file or directory; did you mean " + directory.resolve("default.yaml") + "?");
  }

  @Test
  void aLinkThatLeadsNowhere() {
    allSay("dangling", "a symbolic link to gone, which does not exist");
    allSay("loop", "a symbolic link that leads back to itself");
  }

  @Test
  void aFileInPlaceOfADirectory() {
    allSay("default.yaml/x", "no directory: " + directory.resolve("default.yaml") + " is a file");
  }

  @Test
  void oneThatMayNotBeRead() throws IOException {
    Path secret = Files.writeString(directory.resolve("secret.json"), "{}");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(secret), "root reads every file");
    allSay("secret.json", "permission denied");
  }

  @Test
  void aDirectoryInPlaceOfAFile() throws IOException {
    Path inner = Files.createDirectory(directory.resolve("inner"));
    for (String verb : List.of("policy test", "profile show", "profile convert --to oci")) {
      assertThat(Run.of((verb + " " + inner).split(" ", -1)).err())
          .as(verb)
          .contains("error: " + inner + ": is a directory; name a file in it\n");
    }
  }

  @Test
  void aLinkToADirectoryAbove() throws IOException {
    Path inner = Files.createDirectory(directory.resolve("inner"));
    Files.createSymbolicLink(inner.resolve("up"), directory);
    Run run = Run.of("check", inner.toString());
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("a symbolic link that leads back to a directory above it");
  }

  @Test
  void aFileThatAnOptionNames() {
    Path missing = directory.resolve("missing.yaml");
    assertThat(
            Run.of("check", directory.resolve("default.yaml").toString(), "--policy", "" + missing)
                .err())
        .contains("error: " + missing + ": no such file or directory\n");
  }
}
