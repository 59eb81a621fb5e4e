package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyOptionsTest {
  private static final String EXPLORERS =
      """
      apiVersion: portcullis.dev/v1alpha1
      kind: SeccompPolicy
      metadata: {name: explorers}
      spec: {allowedProfiles: [localhost/explorer, runtime/default]}
      """;
  private static final String RBAC =
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: explorers}
      rules:
      - apiGroups: [portcullis.dev]
        resources: [seccomppolicies]
        resourceNames: [explorers]
        verbs: [use]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: explorers, namespace: team}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: explorers}
      subjects: [{kind: Group, name: explorers, apiGroup: rbac.authorization.k8s.io}]
      """;

  @TempDir Path temporary;

  private String file(String name, String content) throws IOException {
    Path file = temporary.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content).toString();
  }

  private static Run check(String... options) {
    String[] all = new String[options.length + 2];
    all[0] = "check";
    all[1] = "-";
    System.arraycopy(options, 0, all, 2, options.length);
    return Run.with(CheckTest.EXPLORER.replace("privileged: true", "privileged: false"), all);
  }

  @Test
  void withoutAnybodyAllPoliciesCount() throws IOException {
    Run run = check("--policy", file("p.yaml", EXPLORERS), "-o", "json");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("\"policy\" : \"explorers\"");
    assertThat(run.err()).contains("note: without --as all given policies count as usable");
  }

  @Test
  void aDirectoryAndRepetitionAndGroupsAndNamespaces() throws IOException {
    file("d/p.yaml", EXPLORERS);
    String rbac = file("rbac.yaml", RBAC);
    String directory = temporary + "/d";
    String[] ann = {"--policy", directory, "--policy", rbac, "--as", "ann"};
    assertThat(check(with(ann, "--as-group", "explorers", "-n", "team")).code()).isZero();
    Run elsewhere = check(with(ann, "--as-group", "explorers"));
    assertThat(elsewhere.code()).isOne();
    assertThat(elsewhere.out()).contains("ann").contains("localhost/explorer");
    assertThat(check(with(ann, "-n", "team")).code()).isOne();
  }

  private static String[] with(String[] first, String... more) {
    String[] all = new String[first.length + more.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return all;
  }

  @Test
  void usage() throws IOException {
    String policy = file("p.yaml", EXPLORERS);
    assertThat(check("--as", "ann")).extracting(Run::code).isEqualTo(2);
    assertThat(check("--as", "ann").err()).contains("--as needs --policy");
    assertThat(check("--policy", policy, "--as-group", "g").code()).isEqualTo(2);
    assertThat(check("--policy", policy, "--as-group", "g").err())
        .contains("--as-group needs --as");
    assertThat(Run.of("check").code()).isEqualTo(2);
    assertThat(check("-o", "yml").code()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "localhost/", "localhost/../x", "runtime/other", "*"})
  void aBadDefaultIsUsage(String name) {
    Run run = check("--default-profile", name);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("--default-profile: \"" + name + "\"")
        .contains("use runtime/default, unconfined or localhost/<path>");
  }

  @Test
  void aDefaultIsTheClusters() {
    Run run = Run.with(CheckTest.PLAIN, "check", "-", "--default-profile", "localhost/team/x.json");
    assertThat(run.code()).isZero();
    assertThat(run.out()).containsPattern("localhost/team/x\\.json +cluster-default +allowed");
  }

  @Test
  void brokenPoliciesJudgeNobody() throws IOException {
    String good = file("good.yaml", EXPLORERS);
    for (String broken :
        new String[] {
          EXPLORERS.replace("spec:", "spce:"),
          EXPLORERS.replace("localhost/explorer", "localhost/../explorer"),
          "a: [",
          RBAC.replace("rules:", "rules: 1\nother:"),
          EXPLORERS.replace("{allowedProfiles", "{stricterThan: [runtime/defualt], allowedProfiles")
        }) {
      String file = file("broken.yaml", broken);
      Run run = check("--policy", good, "--policy", file, "-o", "json");
      assertThat(run.code()).as(broken).isOne();
      assertThat(run.out()).as(broken).contains("\"pods\" : [ ]", "\"message\" : ");
      assertThat(run.err()).as(broken).contains("error: " + file);
    }
    assertThat(check("--policy", temporary + "/broken.yaml").err())
        .contains("spec.stricterThan[0]");
    Run missing = check("--policy", temporary + "/nowhere");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.out()).isEmpty();
  }

  @Test
  void aPolicyThatStandsTwice() throws IOException {
    Run run = check("--policy", file("a.yaml", EXPLORERS), "--policy", file("b.yaml", EXPLORERS));
    assertThat(run.code()).isOne();
    assertThat(run.err()).contains("SeccompPolicy \"explorers\" occurs twice; first at");
  }

  @Test
  void noPolicyAtAll() throws IOException {
    String rbac = file("rbac.yaml", RBAC);
    Run run = Run.with(CheckTest.PLAIN, "check", "-", "--policy", rbac);
    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("there is no policy in");
    assertThat(check("--policy", rbac).code()).isOne();
  }

  @Test
  void standardInputIsReadOnce() {
    Run run = check("--policy", "-");
    assertThat(run.code()).isNotZero();
    assertThat(run.out()).doesNotContain("1 admitted");
  }
}
