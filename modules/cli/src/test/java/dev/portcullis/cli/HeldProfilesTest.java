package dev.portcullis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Profiles that are inside of something: objects of Kubernetes, configurations of containers, and
/// directories as a kubelet mounts them.
class HeldProfilesTest {
  private static final String PROFILE =
      """
      {"defaultAction": "SCMP_ACT_ALLOW",
       "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"}]}
      """;
  private static final String BROKEN = "{\n \"defaultAction\": \"SCMP_ACT_ALOW\"}\n";
  private static final String OPERATOR =
      """
      apiVersion: security-profiles-operator.x-k8s.io/v1beta1
      kind: SeccompProfile
      metadata: {name: shop-web, namespace: shop}
      spec:
        defaultAction: SCMP_ACT_ALLOW
        disabled: false
        syscalls:
        - action: SCMP_ACT_ERRNO
          names: [mkdir]
      """;
  private static final String CONFIG_MAP =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web, labels: {portcullis.dev/seccomp-profiles: "true"}}
      data:
        notes.txt: no profile
        web.json: |
      """
          + PROFILE.indent(4);

  @TempDir Path temporary;

  private String file(String name, String content) throws IOException {
    Path file = temporary.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content).toString();
  }

  /// The very profile comes out of each.
  @ParameterizedTest
  @CsvSource({"operator.yaml", "map.yaml", "binary.yaml", "config.json", "list.yaml"})
  void theProfileInside(String name) throws IOException {
    file("operator.yaml", OPERATOR);
    file("map.yaml", CONFIG_MAP);
    file(
        "binary.yaml",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}, binaryData: {web.json: "
            + Base64.getEncoder().encodeToString(PROFILE.getBytes(UTF_8))
            + "}}");
    file("config.json", "{\"ociVersion\": \"1.0.2\", \"linux\": {\"seccomp\": " + PROFILE + "}}");
    file("list.yaml", "apiVersion: v1\nkind: List\nitems:\n- " + OPERATOR.indent(2).strip() + "\n");
    String plain = file("plain.json", PROFILE);
    String file = temporary.resolve(name).toString();
    Run compared = Run.of("profile", "compare", file, plain);
    assertThat(compared.err()).isEmpty();
    assertThat(compared.out()).contains("EQUAL");
    assertThat(compared.code()).isZero();
    Run validated = Run.of("profile", "validate", file);
    assertThat(validated.out()).endsWith("1 profile: 1 usable, 0 not\n");
  }

  /// A finding has the line of the file, or of the key of a ConfigMap.
  @Test
  void thePlaceOfAFinding() throws IOException {
    String operator = file("operator.yaml", OPERATOR.replace("names: [mkdir]", "names: [mkdri]"));
    assertThat(Run.of("profile", "validate", operator).out())
        .contains(operator + ":9: warning: ", "mkdri");
    String action = file("action.yaml", OPERATOR.replace("SCMP_ACT_ERRNO", "SCMP_ACT_ERNO"));
    Run refused = Run.of("profile", "validate", action);
    assertThat(refused.code()).isOne();
    assertThat(refused.out()).contains(action + ":8: error: ", "1 profile: 0 usable, 1 not");
    String map = file("map.yaml", CONFIG_MAP.replace("mkdir", "mkdri"));
    assertThat(Run.of("profile", "validate", map).out()).contains(map + "#web.json:2: warning: ");
    String asRuntimes = Run.of("profile", "validate", "--read-as", "runtime", action).out();
    assertThat(asRuntimes).contains(action + ":8: ");
  }

  @Test
  void oneOfSeveral() throws IOException {
    String map = file("map.yaml", CONFIG_MAP + "  other.json: |\n" + BROKEN.indent(4));
    Run all = Run.of("profile", "validate", map);
    assertThat(all.code()).isOne();
    assertThat(all.out())
        .contains(map + "#other.json:2: error: ", map + "#web.json:2: warning: ")
        .endsWith("2 profiles: 1 usable, 1 not\n");
    assertThat(Run.of("profile", "validate", map + "#web.json").out())
        .endsWith("1 profile: 1 usable, 0 not\n")
        .doesNotContain("#other.json");
    assertThat(Run.of("profile", "show", map + "#web.json").code()).isZero();
    Run which = Run.of("profile", "show", map);
    assertThat(which.code()).isOne();
    assertThat(which.err())
        .contains(
            "holds 2 profiles; name one of them: " + map + "#web.json, " + map + "#other.json");
    assertThat(Run.of("profile", "show", map + "#wbe.json").err())
        .contains(map + ": holds no profile \"wbe.json\"; it has web.json, other.json");
    String plain = file("plain.json", PROFILE);
    assertThat(Run.of("profile", "show", plain + "#web.json").err())
        .contains("is one profile itself; name it without the #");
    assertThat(Run.of("profile", "show", file("a#b.json", PROFILE)).code()).isZero();
  }

  /// What is no profile, and what it is.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}}"
            + " | Deployment \"d\" is not a profile, and contains none; for pods, use check",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: m}, data: {a: b}}"
            + " | ConfigMap \"m\" without a key of a profile is not a profile",
        "defaultAction: SCMP_ACT_ALLOW | YAML, and a profile is JSON",
        "{\"ociVersion\": \"1.0.2\", \"linux\": {}} | without linux.seccomp: it has no profile, and"
            + " runs unconfined",
        "{\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\"}} | the profile is only what stands in",
        "{apiVersion: security-profiles-operator.x-k8s.io/v1beta1, kind: SeccompProfile, metadata:"
            + " {name: s}, spec: {defaultAction: SCMP_ACT_ALLOW, baseProfileName: b}}"
            + " | spec.baseProfileName: it is this and the base together that run",
        "{apiVersion: security-profiles-operator.x-k8s.io/v1beta1, kind: SeccompProfile, metadata:"
            + " {name: s}} | spec: Required value",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: m}, binaryData: {a.json: '%'}}"
            + " | binaryData.a.json: is not base64",
        "just a text | not JSON"
      })
  void whatIsNoProfile(String content, String message) throws IOException {
    String file = file("file.yaml", content + "\n");
    Run shown = Run.of("profile", "show", file);
    assertThat(shown.code()).isOne();
    assertThat(shown.err()).contains(file + ":1: ", message);
    Run validated = Run.of("profile", "validate", file);
    assertThat(validated.code()).isOne();
    assertThat(validated.out() + validated.err()).contains(message, "1 profile: 0 usable, 1 not");
  }

  /// The kubelet's: files are links into a hidden directory, of which another link is the newest.
  @Test
  void aMountedConfigMapIsReadOnce() throws IOException {
    file("..2026_01/audit.json", PROFILE);
    Files.createSymbolicLink(temporary.resolve("..data"), Path.of("..2026_01"));
    Files.createSymbolicLink(temporary.resolve("audit.json"), Path.of("..data/audit.json"));
    file(".gitkeep", "");
    Run run = Run.of("profile", "validate", temporary.toString());
    assertThat(run.out())
        .contains(temporary + "/audit.json:2: warning: ")
        .endsWith("1 profile: 1 usable, 0 not\n");
    Files.createSymbolicLink(temporary.resolve("b.json"), Path.of("audit.json"));
    assertThat(Run.of("profile", "validate", temporary.toString()).out()).isEqualTo(run.out());
  }

  @Test
  void whatIsMeantAsAProfileInADirectory() throws IOException {
    file("README.md", "# profiles");
    file("kustomization.yaml", "a: b");
    file("team/notes.txt", "x");
    file("operator.json.bak", BROKEN);
    assertThat(Run.of("profile", "validate", temporary.toString()).out())
        .isEqualTo("0 profiles: 0 usable, 0 not; 4 other files passed over\n");
    file("team/without-an-ending", PROFILE);
    file("map.yaml", CONFIG_MAP);
    file("json.json", "no json");
    Run run = Run.of("profile", "validate", temporary.toString());
    assertThat(run.code()).isOne();
    assertThat(run.out())
        .contains("json.json:1: error: ")
        .endsWith("3 profiles: 2 usable, 1 not; 4 other files passed over\n");
  }

  @Test
  void aProcessIsNoProfile() {
    assertThat(Run.of("profile", "validate", "482").err())
        .contains("482: no such file or directory; for a process write pid:482");
    assertThat(Run.of("profile", "validate", "pid:482").err())
        .contains("a process has filters and no profile: see profile show pid:482");
  }

  /// Before the profile is even read.
  @Test
  void aResultThatCannotBeWrittenIsSaidFirst() throws IOException {
    String there = file("there.json", "kept");
    for (String target : new String[] {there, temporary + "/no/x.json", temporary.toString()}) {
      Run run =
          Run.of(
              "profile",
              "derive",
              "--from",
              "missing.json",
              "--deny",
              "ptrace",
              "--output-file",
              target);
      assertThat(run.code()).isEqualTo(3);
      assertThat(run.err()).contains("error: " + target).doesNotContain("missing.json");
    }
    assertThat(Path.of(there)).hasContent("kept");
    assertThat(
            Run.of(
                    "profile",
                    "derive",
                    "--from",
                    "missing.json",
                    "--deny",
                    "ptrace",
                    "--output-file",
                    temporary + "/new.json")
                .err())
        .contains("missing.json: no such file");
  }
}
