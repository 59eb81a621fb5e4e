package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckTest {
  static final String EXPLORER =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: explorer
        annotations:
          container.seccomp.security.alpha.kubernetes.io/explorer: localhost/explorer
      spec:
        initContainers:
        - {name: before, image: i, securityContext: {seccompProfile: {type: RuntimeDefault}}}
        containers:
        - {name: explorer, image: i}
        - {name: free, image: i, securityContext: {privileged: true}}
      """;
  static final String PLAIN =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: plain, namespace: team}
      spec: {containers: [{name: c, image: i}]}
      """;
  private static final String SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\n";

  @TempDir Path temporary;

  private String file(String name, String content) throws IOException {
    Path file = temporary.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content).toString();
  }

  @Test
  void theJsonIsTheContract() throws IOException {
    String file = file("pod.yaml", EXPLORER);
    Run run = Run.of("check", "-o", "json", file);
    assertThat(run.out().replaceAll("\\s+", " "))
        .startsWith(
            """
            { "pods" : [ { "source" : "%s", "line" : 1, "column" : 1, "kind" : "Pod", "namespace" : "default", \
            "name" : "explorer", "admitted" : true, "containers" : [ \
            { "name" : "before", "kind" : "init", "line" : 9, "column" : 5, "profile" : "runtime/default", \
            "origin" : "container-field", "allowed" : true, \
            "today" : { "profile" : "runtime/default", "reason" : "container-field" } }, \
            { "name" : "explorer", "kind" : "container", "line" : 11, "column" : 5, "profile" : "localhost/explorer", \
            "origin" : "container-annotation", "allowed" : true, \
            "today" : { "profile" : "unconfined", "reason" : "annotation-ignored" } }, \
            { "name" : "free", "kind" : "container", "line" : 12, "column" : 5, "profile" : "runtime/default", \
            "origin" : "cluster-default", "allowed" : true, "privileged" : true, \
            "today" : { "profile" : "unconfined", "reason" : "privileged" } } ], \
            "reasons" : [ ], "help" : [ ], "warnings" : [ \
            """
                .formatted(file));
    assertThat(run.out()).endsWith("\n");
    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("note: without --policy only the validity of pods is judged");
  }

  private String policy(String allowed) throws IOException {
    return file(
        "policy.yaml",
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: SeccompPolicy
        metadata: {name: named}
        spec: {allowedProfiles: [%s]}
        """
            .formatted(allowed));
  }

  /// Of an invalid pod, too, the policy is named that would allow the container.
  @Test
  void theJsonOfEachDecision() throws IOException {
    String policy = policy("runtime/default");
    String pods =
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: valid
          annotations:
            container.seccomp.security.alpha.kubernetes.io/refused: localhost/x
            container.seccomp.security.alpha.kubernetes.io/unusable: localhost/
        spec: {containers: [{name: admitted}, {name: refused}, {name: unusable}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: Invalid}
        spec: {containers: [{name: c}]}
        """;
    Run run = Run.with(pods, "check", "-", "-o", "json", "--policy", policy);
    assertThat(run.code()).isOne();
    assertThat(run.out().replaceAll("\\s+", " "))
        .contains(
            """
            { "name" : "admitted", "kind" : "container", "line" : 8, "column" : 21, "profile" : "runtime/default", \
            "origin" : "cluster-default", "allowed" : true, "policy" : "named", \
            "today" : { "profile" : "unconfined", "reason" : "no-profile" } }, \
            { "name" : "refused", "kind" : "container", "line" : 8, "column" : 39, "profile" : "localhost/x", \
            "origin" : "container-annotation", "allowed" : false, \
            "today" : { "profile" : "unconfined", "reason" : "annotation-ignored" } }, \
            { "name" : "unusable", "kind" : "container", "line" : 8, "column" : 56, "profile" : null, \
            "origin" : "container-annotation", "allowed" : false, \
            "today" : { "profile" : "unconfined", "reason" : "annotation-ignored" } } ]\
            """,
            """
            { "name" : "c", "kind" : "container", "line" : 13, "column" : 21, "profile" : "runtime/default", \
            "origin" : "cluster-default", "allowed" : false, "policy" : "named", \
            "today" : { "profile" : null, "reason" : "does-not-run" } } ]\
            """);
  }

  @Test
  void aRefusalIsInTheJsonAndInTheCode() {
    Run run = Run.with(PLAIN.replace("name: c,", "name: C_,"), "check", "-", "-o", "json");
    assertThat(run.code()).isOne();
    assertThat(run.out())
        .contains("\"source\" : \"-\"")
        .contains("\"namespace\" : \"team\"")
        .contains("\"admitted\" : false")
        .contains("\"field\" : \"spec.containers[0].name\"");
  }

  @Test
  void theTableSaysEverything() throws IOException {
    Run run = Run.of("check", file("pod.yaml", EXPLORER + "---\n" + SETTINGS));
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .startsWith("POD               CONTAINER      TODAY (1.36)     WITH PORTCULLIS ")
        .containsPattern(
            "default/explorer  explorer +unconfined +localhost/explorer +container-annotation"
                + " +allowed\n")
        .contains("runtime/default (privileged: unconfined)")
        .contains("1 pod: 1 admitted, 0 refused; 1 other object passed over\n")
        .contains(
            "containers without a filter: 2 of 3 today (Kubernetes 1.36), 1 of the 3 that Portcullis admits\n");
  }

  @Test
  void anotherKubernetesToday() throws IOException {
    String pod = file("pod.yaml", EXPLORER.replace("privileged: true", "privileged: false"));
    assertThat(Run.of("check", pod, "--kubernetes", "1.26.3").out())
        .contains("containers without a filter: 1 of 3 today (Kubernetes 1.26), ");
    assertThat(Run.of("check", pod, "--kubernetes", "1.26", "--seccomp-default").out())
        .contains("containers without a filter: 0 of 3 today (Kubernetes 1.26, seccompDefault), ");
    for (String wrong : List.of("1.19", "1.37", "2.1", "36")) {
      Run run = Run.of("check", pod, "--kubernetes", wrong);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("--kubernetes: \"" + wrong + "\"", "from 1.20 to 1.36");
    }
    Run early = Run.of("check", pod, "--kubernetes", "1.21", "--seccomp-default");
    assertThat(early.code()).isEqualTo(2);
    assertThat(early.err()).contains("seccompDefault from 1.22 on");
  }

  /// Each finds what it names, and nothing else.
  @ParameterizedTest
  @CsvSource({
    "unconfined, 1, 0, 0",
    "unconfined-today, 1, 1, 1",
    "ignored-annotation, 0, 1, 0",
    "warning, 1, 1, 0",
    "refused, 0, 0, 0"
  })
  void whatFailsByChoice(String what, int privileged, int annotated, int plain) throws IOException {
    String pod =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p%s}
        spec: {containers: [{name: c, image: i%s}]}
        """;
    String key = ", annotations: {seccomp.security.alpha.kubernetes.io/pod: runtime/default}";
    String right = ", securityContext: {privileged: true}";
    assertThat(codes(what, pod.formatted("", right), pod.formatted(key, ""), pod.formatted("", "")))
        .containsExactly(privileged, annotated, plain);
  }

  private List<Integer> codes(String what, String... pods) throws IOException {
    List<Integer> codes = new ArrayList<>();
    for (String pod : pods) {
      String file = file("pod.yaml", pod);
      assertThat(Run.of("check", file).code()).isZero();
      codes.add(Run.of("check", file, "--fail-on", "refused," + what).code());
    }
    return codes;
  }

  @Test
  void whatFailsIsNamed() throws IOException {
    String pod = file("pod.yaml", EXPLORER);
    Run run = Run.of("check", pod, "--fail-on", "unconfined,warning", "-o", "wide");
    assertThat(run.err())
        .containsPattern("error: --fail-on unconfined: " + pod + ":[0-9]+: default/explorer free\n")
        .containsPattern(
            "error: --fail-on warning: " + pod + ":[0-9]+: default/explorer before \\(init\\); ");
    assertThat(Run.of("check", file("pod.yaml", PLAIN)).err()).doesNotContain("--fail-on");
  }

  /// What a runtime may do otherwise than the pod names counts as no filter.
  @Test
  void aWindowsPodAndOneWithARuntimesAnnotationCount() throws IOException {
    String windows = PLAIN.replace("spec: {", "spec: {os: {name: windows}, ");
    Run run = Run.of("check", file("pod.yaml", windows), "--fail-on", "unconfined");
    assertThat(run.code()).isOne();
    assertThat(run.out())
        .contains("unconfined    runtime/default (windows: unconfined)")
        .contains("1 of 1 today (Kubernetes 1.36), 1 of the 1 that Portcullis admits");
    Run trusted = Run.of("check", file("pod.yaml", windows), "--trust-windows-pods");
    assertThat(trusted.out())
        .containsPattern("team/plain +c +unconfined +- +- +admitted")
        .contains("1 of 1 today");
    String annotated = PLAIN.replace("namespace: team", "annotations: {run.oci.handler: krun}");
    Run obeyed = Run.of("check", file("pod.yaml", annotated), "--default-profile=unconfined");
    assertThat(obeyed.out()).contains("(annotation: unconfined)", "1 of 1 today");
  }

  @Test
  void theJsonHasTheCountsAndTheirKubernetes() throws IOException {
    Run run = Run.of("check", file("pod.yaml", EXPLORER), "-o", "json", "--kubernetes", "1.26");
    assertThat(run.out().replaceAll("\\s+", " "))
        .endsWith(
            """
            "kubernetes" : "1.26", "seccompDefault" : false, \
            "summary" : { "pods" : 1, "refused" : 0, "containers" : 3, \
            "unfilteredToday" : 1, "unfilteredWithPortcullis" : 1 } } \
            """);
  }

  @Test
  void whatCannotFail() throws IOException {
    Run run = Run.of("check", file("pod.yaml", PLAIN), "--fail-on", "unconfined,warnings");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("--fail-on: \"warnings\" is not known; use unconfined, unconfined-today,")
        .contains("; did you mean warning?");
  }

  @Test
  void aPrivilegedContainerIsJudgedAsUnconfinedUnlessAskedOtherwise() throws IOException {
    String pod = file("pod.yaml", EXPLORER);
    String policy = policy("runtime/default, localhost/explorer");
    Run run = Run.of("check", pod, "--policy", policy);
    assertThat(run.code()).isOne();
    assertThat(run.out())
        .contains(
            "pod.yaml:12: default/explorer: container \"free\" is privileged, so it runs unconfined"
                + " regardless of the profile that it names, which is not allowed"
                + " [profile-not-allowed]\n"
                + "  field       spec.containers[1].securityContext.privileged\n");
    Run named = Run.of("check", pod, "--policy", policy, "--privileged-as", "name");
    assertThat(named.code()).isZero();
    assertThat(named.err()).contains("note: --privileged-as name: the next version");
    assertThat(Run.of("check", pod, "--privileged-as", "yes").code()).isEqualTo(2);
  }

  @Test
  void aWindowsPodIsJudgedAsUnconfinedUnlessKubeletsCheckIt() throws IOException {
    String pod =
        file(
            "pod.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: w}
            spec:
              os: {name: windows}
              containers: [{name: c, image: i}]
            """);
    String policy = policy("runtime/default");
    for (String judged : List.of("unconfined", "name")) {
      Run run = Run.of("check", pod, "--policy", policy, "--privileged-as", judged);
      assertThat(run.code()).isOne();
      assertThat(run.out()).contains("  field       spec.os.name\n", "--trust-windows-pods");
      Run trusted =
          Run.of(
              "check", pod, "--policy", policy, "--privileged-as", judged, "--trust-windows-pods");
      assertThat(trusted.code()).isZero();
    }
  }

  @Test
  void listsAndWorkloads() {
    String list =
        """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"},
           "spec": {"template": {"spec": {"containers": [{"name": "c", "image": "i"}]}}}},
          {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "n"},
           "spec": {"jobTemplate": {"spec": {"template": {"spec": {
             "containers": [{"name": "c", "image": "i"}]}}}}}},
          {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}}]}
        """;
    Run run = Run.with(list, "check", "-");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("Deployment default/d")
        .contains("CronJob default/n")
        .contains("2 pods: 2 admitted, 0 refused; 1 other object passed over");
  }

  /// A kind that is not Kubernetes' own holds pods too, and their annotations count.
  @Test
  void aTemplateInAnUnknownKindIsJudged() throws IOException {
    String rollout =
        """
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: shop}
        spec:
          template:
            metadata: {annotations: {seccomp.security.alpha.kubernetes.io/pod: unconfined}}
            spec: {containers: [{name: c, image: i}]}
        """;
    Run run = Run.with(rollout, "check", "-", "--policy", policy("runtime/default"));
    assertThat(run.code()).isOne();
    assertThat(run.out())
        .contains("Rollout default/shop")
        .contains(
            "  field       spec.template.metadata.annotations.seccomp.security.alpha.kubernetes.io/pod\n")
        .contains("spec.template.spec: the kind Rollout of argoproj.io/v1alpha1 is not known;");
  }

  @Test
  void directoriesAreReadInOrderAndHiddenFilesLeftOut() throws IOException {
    file("b.yaml", PLAIN.replace("plain", "second"));
    file("a/z.json", "{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}");
    file("a/package.json", "{\"dependencies\": {}}");
    file(".git/x.yaml", "a: \tb");
    file("c/.hidden.yaml", "a: \tb");
    file("notes.txt", "no manifest");
    Run run = Run.of("check", temporary.toString(), "-o", "json");
    assertThat(run.code()).isOne();
    assertThat(run.out().indexOf("z.json")).isPositive().isLessThan(run.out().indexOf("b.yaml"));
    assertThat(run.err()).doesNotContain("error:");
    assertThat(Run.of("check", temporary.toString()).out())
        .contains("2 pods: 1 admitted, 1 refused; 1 other object passed over");
  }

  @Test
  void tooDeepIsSaidAndNotPassedOver() throws IOException {
    file("d/".repeat(33) + "pod.yaml", PLAIN);
    file("pod.yaml", PLAIN);
    Run run = Run.of("check", temporary.toString());
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("more than 32 directories deep");
  }

  @Test
  void aDirectoryThatLeadsBackToItself() throws IOException {
    file("pod.yaml", PLAIN);
    Files.createSymbolicLink(temporary.resolve("loop"), temporary);
    Run run = Run.of("check", temporary.toString());
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err())
        .contains("/loop: a symbolic link that leads back to a directory above it");
  }

  @Test
  void whatCouldNotBeReadOutweighsWhatWasRefused() throws IOException {
    String bad = file("bad.yaml", PLAIN.replace("name: c,", "name: C_,"));
    Run run = Run.of("check", bad, temporary + "/missing.yaml");
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).contains("refused: " + bad + ":4: team/plain: spec.containers[0].name");
    assertThat(run.err()).contains("/missing.yaml: no such file or directory");
  }

  /// Anyone who says where the profiles are is told which are not there.
  @Test
  void profilesThatAreNotBelowTheProfileRoot() throws IOException {
    String pod =
        file(
            "pod.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: p}
            spec:
              containers:
              - {name: a, securityContext: {seccompProfile: {type: Localhost, localhostProfile: a.json}}}
              - {name: b, securityContext: {seccompProfile: {type: Localhost, localhostProfile: b.json}}}
              - {name: c, securityContext: {seccompProfile: {type: Localhost, localhostProfile: c.json}}}
            """);
    String root =
        Path.of(file("root/a.json", "{\"defaultAction\": \"SCMP_ACT_LOG\"}"))
            .resolveSibling("")
            .toString();
    file("root/b.json", "{}");
    Run run = Run.of("check", pod, "--seccomp-profile-root", root);
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains(
            "warning: " + pod + ":7: default/p: container \"b\": localhost/b.json: ",
            "no-default-action")
        .contains(
            "warning: " + pod + ":8: default/p: container \"c\": localhost/c.json: ",
            "/root/c.json: does not exist")
        .doesNotContain("container \"a\"");
    assertThat(Run.of("check", pod, "--seccomp-profile-root", root, "--fail-on", "warning").code())
        .isOne();
    assertThat(Run.of("check", pod).out()).doesNotContain("warning");
  }
}
