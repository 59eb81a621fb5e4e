package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeDenialsVerbTest {
  /// As an agent writes it.
  static final String DOCUMENT =
      """
      {"apiVersion": "portcullis.dev/v1alpha1",
       "denials": [
         {"container": {"namespace": "shop", "pod": "web", "name": "app"}, "syscall": "mkdir",
          "architecture": "x86_64", "result": {"action": "errno", "errno": "EROFS"},
          "command": "sh", "count": 6,
          "firstSeen": "2026-11-29T20:37:10.164297291Z", "lastSeen": "2026-11-29T20:37:13Z",
          "allow": ["mkdir"]},
         {"container": {"namespace": "shop", "pod": "db", "name": "db"}, "syscall": "socket",
          "architecture": "x86_64", "result": {"action": "kill_process"}, "command": "db",
          "count": 1,
          "firstSeen": "2026-11-29T20:37:10Z", "lastSeen": "2026-11-29T20:37:10Z",
          "allow": ["socket:domain==40"]}],
       "lost": 0, "undecided": 2, "omitted": 0,
       "watched": [{"namespace": "shop", "pod": "web", "name": "app"},
                   {"namespace": "shop", "pod": "db", "name": "db"}],
       "remarks": ["app is not watched"]}
      """;

  private static final String NOTHING =
      """
      {"apiVersion": "portcullis.dev/v1alpha1", "denials": [], "lost": 0, "undecided": 0,
       "omitted": 0, "watched": [{"namespace": "shop", "pod": "calm", "name": "app"}],
       "remarks": []}
      """;

  @TempDir private Path directory;

  private Run denials(String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "node";
    arguments[1] = "denials";
    arguments[2] = "--run-dir=" + directory;
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Run.of(arguments);
  }

  @Test
  void whatTheAgentKnowsAndWhatAllowsIt() throws IOException {
    Files.writeString(directory.resolve("denials.json"), DOCUMENT);
    Run run = denials();
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .containsPattern("shop/web +app +sh +mkdir +EROFS +6 +[0-9:]{8}\n")
        .containsPattern("shop/db +db +db +socket +KILL_PROCESS +1 ")
        .contains("portcullis profile derive --from PROFILE --allow mkdir\n")
        .contains("portcullis profile derive --from PROFILE --allow 'socket:domain==40'\n")
        .contains("with all arguments where none are named:\n");
    assertThat(run.err())
        .contains("2 calls failed as if refused", "app is not watched")
        .doesNotContain("old");
    Run one = denials("--pod", "shop/db", "-o", "json");
    assertThat(one.out()).contains("socket").doesNotContain("mkdir", "web");
    assertThat(one.err()).doesNotContain("no container");
    assertThat(SchemaTest.errors("node-denials", one.out())).isEmpty();
  }

  /// It is no refusal, and a trial is not over while there is any.
  @Test
  void whatIsLoggedHasItsOwnNextStep() throws IOException {
    Files.writeString(
        directory.resolve("denials.json"),
        DOCUMENT
            .replace("\"kill_process\"", "\"log\"")
            .replace("\"undecided\": 2", "\"undecided\": 0"));
    Run run = denials("--pod", "shop/db");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .containsPattern("shop/db +db +db +socket +LOG +1 ")
        .contains("LOG: the call went on, and the profile that is tried would refuse it")
        .contains("portcullis profile derive --from PROFILE --allow 'socket:domain==40'\n")
        .doesNotContain("what allows them,");
    assertThat(denials().out())
        .containsSubsequence("what allows them,", "--allow mkdir\n", "LOG: ", "'socket:domain");
    assertThat(SchemaTest.errors("node-denials", denials("-o", "json").out())).isEmpty();
  }

  @Test
  void anAgentThatWritesNoMoreIsSaid() throws IOException {
    Path file = Files.writeString(directory.resolve("denials.json"), DOCUMENT);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofMinutes(10))));
    assertThat(denials().err()).contains("seconds old", "the agent no longer runs");
    Files.writeString(file, NOTHING);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofMinutes(10))));
    assertThat(denials().code()).isEqualTo(1);
  }

  @Test
  void aPodThatIsNotWatchedIsSaid() throws IOException {
    Files.writeString(directory.resolve("denials.json"), NOTHING);
    Run none = denials("--pod", "shop/wbe");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("no container of pod \"shop/wbe\" is watched");
    Run calm = denials("--pod", "shop/calm");
    assertThat(calm.code()).as(calm.err()).isZero();
  }

  @Test
  void oneContainerOfAPod() throws IOException {
    Files.writeString(
        directory.resolve("denials.json"),
        DOCUMENT.replace(
            "\"pod\": \"db\", \"name\": \"db\"", "\"pod\": \"web\", \"name\": \"db\""));
    assertThat(denials("--pod", "shop/web").out()).contains("mkdir", "socket");
    Run one = denials("--pod", "shop/web", "-c", "db");
    assertThat(one.out()).contains("socket").doesNotContain("mkdir");
    assertThat(denials("--pod", "shop/web", "-c", "no").err())
        .contains("container \"no\" of pod \"shop/web\" is not watched");
    assertThat(denials("-c", "db").code()).isEqualTo(2);
  }

  /// It would look as if nothing had been.
  @Test
  void whatIsNotListedIsNoGoodEnd() throws IOException {
    Path file = directory.resolve("denials.json");
    for (String[] each :
        new String[][] {
          {"\"lost\": 0", "\"lost\": 3", "no room for 3 events or more"},
          {"\"undecided\": 0", "\"undecided\": 4", "4 calls failed as if refused"},
          {"\"omitted\": 0", "\"omitted\": 5", "5 refused or logged calls not listed"},
          {"\"remarks\": []", "\"remarks\": [\"one is not watched\"]", "one is not watched"},
        }) {
      Files.writeString(file, NOTHING.replace(each[0], each[1]));
      Run run = denials();
      assertThat(run.code()).as(each[1]).isEqualTo(1);
      assertThat(run.err()).contains(each[2]);
    }
  }

  @Test
  void whatCannotBeRead() throws IOException {
    assertThat(denials().code()).isEqualTo(3);
    assertThat(denials().err()).contains("denials.json is not there", "--denials");
    Files.writeString(directory.resolve("denials.json"), "[]");
    assertThat(denials().err()).contains("was not written by portcullis node --denials");
    assertThat(denials("--pod", "web").code()).isEqualTo(2);
  }

  @Test
  void nothingWasRefused() throws IOException {
    Files.writeString(directory.resolve("denials.json"), NOTHING);
    Run run = denials();
    assertThat(run.code()).isZero();
    assertThat(run.out()).isEqualTo("nothing was refused or logged\n");
  }
}
