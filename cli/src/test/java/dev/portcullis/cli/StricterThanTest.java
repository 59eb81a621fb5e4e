package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `spec.stricterThan` in `check`: the contents are files below the profile root.
class StricterThanTest {
  private static final String POLICY =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: SeccompPolicy
      metadata: {name: tighten}
      spec: {allowedProfiles: [runtime/default], stricterThan: [localhost/base.json]}
      """;

  @TempDir Path temporary;

  @BeforeEach
  void files() throws IOException {
    Files.writeString(temporary.resolve("policy.yaml"), POLICY);
    profile("base.json", "\"read\", \"write\", \"exit_group\"");
    profile("mine.json", "\"read\", \"exit_group\"");
    profile("wider.json", "\"read\", \"ptrace\"");
  }

  private void profile(String file, String allowed) throws IOException {
    Files.writeString(
        temporary.resolve(file),
        """
        {"defaultAction": "SCMP_ACT_ERRNO",
         "syscalls": [{"names": [%s], "action": "SCMP_ACT_ALLOW"}]}
        """
            .formatted(allowed));
  }

  private Run check(String profile, String... more) {
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p}
        spec:
          securityContext: {seccompProfile: {type: Localhost, localhostProfile: %s}}
          containers: [{name: c, image: i}]
        """
            .formatted(profile);
    String[] words = new String[6 + more.length];
    System.arraycopy(
        new String[] {
          "check",
          "-",
          "--policy",
          temporary + "/policy.yaml",
          "--seccomp-profile-root",
          "" + temporary
        },
        0,
        words,
        0,
        6);
    System.arraycopy(more, 0, words, 6, more.length);
    return Run.with(pod, words);
  }

  @Test
  void theStricterIsAllowedThoughNoListNamesIt() {
    Run run = check("mine.json");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("allowed");
    assertThat(check("mine.json", "-o", "json").out()).contains("\"policy\" : \"tighten\"");
    assertThat(check("base.json").code()).isZero();
  }

  @Test
  void theWeakerIsRefusedWithTheCall() {
    Run run = check("wider.json");
    assertThat(run.code()).isOne();
    assertThat(run.out() + run.err())
        .contains(
            "it is weaker than localhost/base.json (SeccompPolicy \"tighten\"): ptrace on",
            "is ALLOW against ERRNO 1, as ptrace(0, 0, 0, 0, 0, 0), number 101 of architecture");
  }

  @Test
  void theUnknownIsRefusedAndSaysWhatIsMissing() {
    Run run = check("absent.json");
    assertThat(run.code()).isOne();
    assertThat(run.out() + run.err())
        .contains("nothing proves that it is no weaker", "absent.json", "does not exist");
  }
}
