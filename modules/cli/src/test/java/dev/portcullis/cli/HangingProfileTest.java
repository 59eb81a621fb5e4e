package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A profile on which libseccomp never ends. Only the first of these has to wait.
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
@Timeout(120)
class HangingProfileTest {
  private static final String WORDS =
      "cannot compile the filter: libseccomp did not finish in 10 s";

  @TempDir Path temporary;
  private String hanging = "";
  private String usual = "";

  @BeforeEach
  void files() throws IOException {
    String two =
        """
        {"names": ["mkdir"], "action": "SCMP_ACT_ERRNO", "args": [
          {"index": 0, "op": "SCMP_CMP_NE", "value": 3}, {"index": 1, "op": "SCMP_CMP_%s", "value": 3}]}
        """;
    hanging = profile("hanging.json", two.formatted("GE") + "," + two.formatted("NE"));
    usual = profile("base.json", "{\"names\": [\"rmdir\"], \"action\": \"SCMP_ACT_ERRNO\"}");
  }

  private String profile(String file, String rules) throws IOException {
    return Files.writeString(
            temporary.resolve(file),
            "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [" + rules + "]}")
        .toString();
  }

  @Test
  void everyVerbEndsAndSaysSo() throws IOException {
    Run validate = Run.of("profile", "validate", hanging, usual);
    assertThat(validate.code()).isEqualTo(1);
    assertThat(validate.out() + validate.err())
        .contains(
            "filter-not-made",
            "cannot compile the filter: libseccomp did not finish in 10 s",
            "1 usable");
    assertUndecided(Run.of("profile", "show", hanging));
    assertUndecided(Run.of("profile", "compare", hanging, usual));
    assertUndecided(Run.of("profile", "compare", usual, hanging));
    assertUndecided(Run.of("profile", "derive", "--from", hanging, "--allow", "ptrace"));
    assertUndecided(Run.of("verify", "pid:" + ProcessHandle.current().pid(), "--profile", hanging));
    Files.writeString(
        temporary.resolve("policy.yaml"),
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: SeccompPolicy
        metadata: {name: tighten}
        spec: {allowedProfiles: [runtime/default], stricterThan: [localhost/base.json]}
        """);
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p}
        spec:
          securityContext: {seccompProfile: {type: Localhost, localhostProfile: hanging.json}}
          containers: [{name: c, image: i, securityContext: {allowPrivilegeEscalation: false}}]
        """;
    assertUndecided(
        Run.with(
            pod,
            "check",
            "-",
            "--policy",
            temporary + "/policy.yaml",
            "--seccomp-profile-root",
            temporary.toString()));
  }

  private static void assertUndecided(Run run) {
    assertThat(run.code()).isEqualTo(1);
    assertThat((run.out() + run.err()).replaceAll("\\s+", " ")).contains(WORDS);
  }
}
