package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `profile intersect` and `profile union`.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class CompositionVerbTest {
  private static final Path PAGE = Path.of("docs/compose.md");
  private static final String READ = "{'names': ['read'], 'action': 'SCMP_ACT_ALLOW'}";
  private static final String MKDIR = "{'names': ['mkdir'], 'action': 'SCMP_ACT_ALLOW'}";

  @TempDir Path temporary;

  private String profile(String name, String rules) throws IOException {
    String json =
        "{'defaultAction': 'SCMP_ACT_ERRNO', 'architectures': ['SCMP_ARCH_X86_64'],\n"
            + " 'syscalls': ["
            + rules
            + "]}\n";
    return Files.writeString(temporary.resolve(name), json.replace('\'', '"')).toString();
  }

  @Test
  void toStandardOutputAndToAFile() throws IOException {
    String a = profile("a.json", READ + "," + MKDIR);
    String b = profile("b.json", READ);
    Run strict = Run.of("profile", "intersect", a, b);
    assertThat(strict.code()).isZero();
    assertThat(strict.err())
        .contains("the intersection of " + a)
        .contains("EQUAL to the most severe")
        .contains("runc, runc-1.1, crun and crun-1.29");
    assertThat(strict.out()).contains("\"read\"");
    Path made = temporary.resolve("made.json");
    Run wide = Run.of("profile", "union", a, b, "--output-file", made.toString());
    assertThat(wide.code()).isZero();
    assertThat(wide.out()).isEmpty();
    assertThat(Run.of("profile", "compare", made.toString(), a).out()).contains(" EQUAL ");
    assertThat(Run.of("profile", "validate", made.toString()).code()).isZero();
  }

  @Test
  void whatIsRefusedWritesNothing() throws IOException {
    String a = profile("a.json", READ);
    String traced = profile("t.json", READ.replace("ALLOW", "TRACE"));
    String notified =
        Files.writeString(
                temporary.resolve("n.json"),
                Files.readString(Path.of(traced))
                    .replace("TRACE", "NOTIFY")
                    .replaceFirst("\\{", "{\"listenerPath\": \"/run/x\","))
            .toString();
    Path to = temporary.resolve("to.json");
    Run trace =
        Run.of("profile", "union", a, traced, "--output-file", to.toString(), "--approximate");
    assertThat(trace.code()).isZero();
    for (List<String> words :
        List.of(
            List.of("intersect", a, traced),
            List.of("intersect", a, notified),
            List.of("intersect", a, profile("c.json", READ.replace("ALLOW", "KILL")), notified))) {
      List<String> all = new ArrayList<>(List.of("profile"));
      all.addAll(words);
      all.addAll(List.of("--output-file", temporary.resolve("none.json").toString()));
      Run refused = Run.of(all.toArray(String[]::new));
      if (words.size() == 3) {
        assertThat(refused.code()).as(refused.err()).isEqualTo(1);
        assertThat(refused.err()).contains("read on x86_64", "another process decides");
        assertThat(temporary.resolve("none.json")).doesNotExist();
      } else {
        assertThat(refused.code()).as(refused.err()).isZero();
      }
    }
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files).noneMatch(file -> file.getFileName().toString().startsWith(".portcullis"));
    }
  }

  @Test
  void badInput() throws IOException {
    String a = profile("a.json", READ);
    Run one = Run.of("profile", "intersect", a);
    assertThat(one.code()).isEqualTo(2);
    assertThat(one.err())
        .contains("profile intersect needs two profiles or more: profile intersect A B");
    assertThat(Run.of("profile", "union", a, "unconfined").code()).isEqualTo(2);
    Run missing = Run.of("profile", "union", a, temporary + "/none.json");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err()).contains("none.json");
    Run runtime = Run.of("profile", "union", a, a, "--oci-runtime", "youki");
    assertThat(runtime.code()).isEqualTo(2);
    assertThat(runtime.err()).contains("use all, runc, runc-1.1, crun or crun-1.29");
    String arm = Files.readString(Path.of(a)).replace("X86_64", "AARCH64");
    String other = Files.writeString(temporary.resolve("arm.json"), arm).toString();
    Run apart = Run.of("profile", "intersect", a, other);
    assertThat(apart.code()).isEqualTo(1);
    assertThat(apart.err()).contains("no architecture in common");
    String there = Files.writeString(temporary.resolve("there"), "mine").toString();
    assertThat(Run.of("profile", "union", a, a, "--output-file", there).code()).isEqualTo(3);
    assertThat(Path.of(there)).hasContent("mine");
  }

  /// What docs/compose.md shows is what is printed; a line of `...` stands for any.
  @Test
  void thePageShowsWhatIsPrinted() throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    int shown = 0;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("$ cat ")) {
        Path file = temporary.resolve(lines.get(i).substring("$ cat ".length()));
        List<String> content = new ArrayList<>();
        while (!lines.get(i + 1).startsWith("$ ")) {
          content.add(lines.get(++i));
        }
        Files.write(file, content);
        continue;
      }
      if (!lines.get(i).startsWith("$ portcullis ")) {
        continue;
      }
      StringBuilder command = new StringBuilder(lines.get(i).substring(2));
      while (command.toString().endsWith("\\")) {
        command.setLength(command.length() - 1);
        command.append(lines.get(++i).strip());
      }
      List<String> expected = new ArrayList<>();
      while (!lines.get(i + 1).startsWith("```") && !lines.get(i + 1).startsWith("$ ")) {
        expected.add(lines.get(++i));
      }
      String[] words =
          Stream.of(command.toString().split(" +"))
              .skip(1)
              .map(word -> word.matches("[a-z]+\\.json") ? temporary + "/" + word : word)
              .toArray(String[]::new);
      Run run = Run.of(words);
      String said = (run.err() + run.out()).replace(temporary + "/", "");
      for (String line : expected) {
        if (!line.equals("...")) {
          assertThat(said).as(command.toString()).contains(line);
        }
      }
      shown++;
    }
    assertThat(shown).isGreaterThan(3);
  }
}
