package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    return check(profile, "{allowPrivilegeEscalation: false}", more);
  }

  private Run check(String profile, String context, String[] more) {
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p}
        spec:
          securityContext: {seccompProfile: {type: Localhost, localhostProfile: %s}}
          containers: [{name: c, image: i, securityContext: %s}]
        """
            .formatted(profile, context);
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
  void aContainerThatMayEscalateIsToldWhatToDo() {
    for (String context : List.of("{}", "{allowPrivilegeEscalation: true}")) {
      Run run = check("mine.json", context, new String[0]);
      assertThat(run.code()).isOne();
      assertThat(run.out() + run.err())
          .contains(
              "spec.containers[0].securityContext.allowPrivilegeEscalation is not false; set it to"
                  + " false");
    }
  }

  @Test
  void theWeakerIsRefusedWithTheCall() {
    Run run = check("wider.json");
    assertThat(run.code()).isOne();
    assertThat(run.out() + run.err())
        .contains(
            "it is weaker than localhost/base.json (SeccompPolicy \"tighten\"): ptrace on",
            "is ALLOW instead of EPERM, for example ptrace(0, 0, 0, 0, 0, 0) (number 101,"
                + " architecture");
  }

  @Test
  void theUnknownIsRefusedAndSaysWhatIsMissing() {
    Run run = check("absent.json");
    assertThat(run.code()).isOne();
    assertThat(run.out() + run.err())
        .contains("it is not proven to be no weaker", "absent.json", "does not exist");
  }

  private static final String GRANT =
      """
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: tighten}
      rules: [{apiGroups: [portcullis.dev], resources: [seccomppolicies], verbs: [use]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: tighten}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: tighten}
      subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: developers}]
      """;

  private Run whoCan(String profile, String... more) throws IOException {
    Files.writeString(temporary.resolve("policy.yaml"), POLICY + GRANT);
    List<String> words =
        new ArrayList<>(
            List.of(
                "policy",
                "who-can",
                "use",
                profile,
                "--policy",
                temporary + "/policy.yaml",
                "--seccomp-profile-root",
                temporary.toString()));
    words.addAll(List.of(more));
    return Run.of(words.toArray(String[]::new));
  }

  @Test
  void whoCanProvesByTheSameFiles() throws IOException {
    Run proven = whoCan("localhost/mine.json");
    assertThat(proven.code()).as(proven.err()).isZero();
    assertThat(proven.out())
        .containsPattern("Group developers +SeccompPolicy tighten +- +ClusterRoleBinding tighten")
        .contains(
            "SeccompPolicy tighten allows it by proof: it is no weaker than localhost/base.json;"
                + " only for containers with allowPrivilegeEscalation: false that are not"
                + " privileged and do not have CAP_SYS_ADMIN");
    assertThat(whoCan("localhost/base.json").out())
        .contains("Group developers", "SeccompPolicy tighten allows it, as its stricterThan names");
    String json = whoCan("localhost/mine.json", "-o", "json").out();
    assertThat(json)
        .contains("\"allows\" : true", "\"noWeakerThan\" : \"localhost/base.json\"")
        .containsPattern("\"sha256\" : \"[0-9a-f]{64}\"");
  }

  @Test
  void whoCanSaysWhyNothingIsProven() throws IOException {
    Run weaker = whoCan("localhost/wider.json");
    assertThat(weaker.code()).isOne();
    assertThat(weaker.out())
        .doesNotContain("developers")
        .startsWith(
            "no user may run pods under localhost/wider.json in namespace default: no policy allows"
                + " it\n"
                + "it is weaker than localhost/base.json (SeccompPolicy \"tighten\"): ptrace on");
    Run absent = whoCan("localhost/absent.json", "-o", "json");
    assertThat(absent.code()).isOne();
    assertThat(absent.out())
        .contains("\"allows\" : false", "\"unproven\" : [", "does not exist")
        .doesNotContain("\"proven\"", "developers");
  }
}
