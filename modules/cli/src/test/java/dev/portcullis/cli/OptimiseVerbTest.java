package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `portcullis profile optimise`, with the filters of this machine's libseccomp.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
class OptimiseVerbTest {
  @TempDir Path temporary;

  private String profile(String rules) throws IOException {
    return Files.writeString(
            temporary.resolve("web.json"),
            "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"architectures\": [\"SCMP_ARCH_X86_64\"],"
                + " \"syscalls\": [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"}, "
                + rules
                + "]}")
        .toString();
  }

  private static String rule(String names, String operator) {
    return """
    {"names": [%s], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 5, "op": "SCMP_CMP_%s"}]}
    """
        .formatted(names, operator);
  }

  private static String socket(String operator) {
    return rule("\"socket\"", operator);
  }

  @Test
  void anEqualProfileIsWritten() throws IOException {
    String web = profile(socket("LT") + ", " + socket("GE"));
    Path to = temporary.resolve("fast.json");
    Run run = Run.of("profile", "optimise", web, "--output-file", to.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("proven for each OCI runtime: the optimised profile does the same as " + web)
        .contains("socket: 2 rules become 1")
        .containsPattern("from [0-9.]+ instructions for a call on average .* to [0-9.]+ instr");
    assertThat(Files.readString(to)).doesNotContain("\"args\"");
    Run equal = Run.of("profile", "compare", to.toString(), web);
    assertThat(equal.code()).as(equal.out()).isZero();
    assertThat(equal.out()).contains("EQUAL");
  }

  @Test
  void whereNoneIsCheaperNothingIsWritten() throws IOException {
    String web = profile(socket("EQ"));
    Path to = temporary.resolve("fast.json");
    Run run = Run.of("profile", "optimise", web, "--output-file", to.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("nothing that was tried is cheaper than " + web);
    assertThat(to).doesNotExist();
  }

  @Test
  void ofTooManyCallsNothingIsTried() throws IOException {
    String names =
        IntStream.range(0, 65)
            .mapToObj(each -> "\"x" + each + "\"")
            .collect(Collectors.joining(","));
    Run run = Run.of("profile", "optimise", profile(rule(names, "EQ")));
    assertThat(run.code()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err().replaceAll("\\s+", " "))
        .contains(
            "nothing was tried: ", "has conditions on 65 calls, and at most 64 are rewritten");
  }

  @Test
  void whatIsWrongIsSaid() throws IOException {
    assertThat(Run.of("profile", "optimise").code()).isEqualTo(2);
    assertThat(Run.of("profile", "optimise", temporary.resolve("none").toString()).code())
        .isEqualTo(3);
    Run run = Run.of("profile", "optimise", profile("{}"));
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("web.json:1:");
  }
}
