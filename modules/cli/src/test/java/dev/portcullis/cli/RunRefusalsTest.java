package dev.portcullis.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `run` refuses before it asks a runtime. The socket is there for none of them.
class RunRefusalsTest {
  private static final Path STATE = Path.of("/var/lib/portcullis");

  @TempDir Path temporary;

  private String file(String name, String content) throws IOException {
    return Files.writeString(temporary.resolve(name), content).toString();
  }

  private Run run(String... more) {
    String[] all = new String[more.length + 5];
    all[0] = "run";
    all[1] = "--runtime-endpoint";
    all[2] = "unix:///nonexistent/sock";
    all[3] = "--seccomp-profile-root";
    all[4] = temporary + "/seccomp";
    System.arraycopy(more, 0, all, 5, more.length);
    return Run.of(all);
  }

  private static String localhost(String profile) {
    return CheckTest.PLAIN.replace(
        "spec: {",
        "spec: {securityContext: {seccompProfile: {type: Localhost, localhostProfile: "
            + profile
            + "}}, ");
  }

  @Test
  void usage() throws IOException {
    assertThat(run().code()).isEqualTo(2);
    assertThat(run().err()).contains("run needs a file with a pod");
    String pod = file("pod.yaml", CheckTest.PLAIN);
    for (String time : new String[] {"", "10", "-1s", "x", "1h1"}) {
      assertThat(run("--for", time, pod).code()).as(time).isEqualTo(2);
    }
  }

  @Test
  void anEndpointThatIsNoSocketsAddress() throws IOException {
    String pod = file("pod.yaml", CheckTest.PLAIN);
    for (String endpoint : new String[] {"/run/x.sock", "unix://x", "tcp://127.0.0.1:1"}) {
      Run run = Run.of("run", "--runtime-endpoint", endpoint, pod);
      assertThat(run.code()).as(endpoint).isEqualTo(2);
      assertThat(run.err()).contains(endpoint, "unix:// and an absolute path");
    }
  }

  @Test
  void nothingToRun() throws IOException {
    Run missing = run(temporary + "/no.yaml");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err()).contains("note: nothing was started");
    Run none = run(file("s.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n"));
    assertThat(none.code()).isOne();
    assertThat(none.err()).contains("no pod in ");
  }

  @Test
  void oneRefusedPodKeepsAllFromStarting() throws IOException {
    String good = file("good.yaml", CheckTest.PLAIN);
    String bad = file("bad.yaml", CheckTest.PLAIN.replace("name: c,", "name: C_,"));
    Run run = run(good, bad);
    assertThat(run.code()).isOne();
    assertThat(run.out()).contains("team/plain");
    assertThat(run.err())
        .contains("refused: " + bad + ":4: team/plain: spec.containers[0].name")
        .endsWith("note: nothing was started\n");
    Run json = run(good, bad, "-o", "json");
    assertThat(json.code()).isOne();
    assertThat(json.out()).startsWith("{\n").contains("\"admitted\" : false");
  }

  @Test
  void aPolicyRefuses() throws IOException {
    String policy =
        file(
            "policy.yaml",
            """
            apiVersion: portcullis.dev/v1alpha1
            kind: SeccompPolicy
            metadata: {name: x}
            spec: {allowedProfiles: [localhost/other]}
            """);
    Run run = run("--policy", policy, file("pod.yaml", CheckTest.PLAIN));
    assertThat(run.code()).isOne();
    assertThat(run.err()).contains("localhost/other").contains("nothing was started");
  }

  private static final String DEPLOYMENT =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: "%s", namespace: "%s"}
      spec: {template: {spec: {containers: [{name: c, image: i, livenessProbe: {a: b}}]}}}
      """;

  @Test
  void aFieldInATemplate() throws IOException {
    String file = file("d.yaml", DEPLOYMENT.formatted("d", "shop"));
    Run run = run(file);
    assertThat(run.code()).isOne();
    assertThat(run.err())
        .isEqualTo(
            """
            note: without --policy only the validity of pods is judged, not who may use what
            error: %s:4: Deployment shop/d: spec.template.spec.containers[0].livenessProbe: \
            portcullis run does not support this field. Remove it, or add --lenient to run the \
            pod without it (nothing probes the container)
            note: nothing was started
            """
                .formatted(file));
    assumeMayMakeState();
    Run lenient = run("--lenient", file);
    assertThat(lenient.code()).isEqualTo(3);
    assertThat(lenient.err())
        .contains(
            "warning: "
                + file
                + ":4: Deployment shop/d: spec.template.spec.containers[0].livenessProbe: left out"
                + " (nothing probes the container)\n")
        .contains("/nonexistent/sock");
  }

  /// Pods that are documents of their own run together, as before; of others one is chosen.
  @Test
  void whichOfSeveral() throws IOException {
    String file =
        file(
            "many.yaml",
            DEPLOYMENT.formatted("a", "shop")
                + "---\n"
                + DEPLOYMENT.formatted("b", "shop")
                + "---\n"
                + CheckTest.PLAIN);
    Run run = run(file);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains(
            """
            error: which of 3 pods is to run? Choose with --only, or run them together with --all
              --only shop/deployment/a (%1$s:1)
              --only shop/deployment/b (%1$s:6)
              --only team/pod/plain (%1$s:11)
            """
                .formatted(file))
        .endsWith("note: nothing was started\n");
    for (String only : List.of("deployment/b", "deploy/b", "Deployments/b", "shop/deployment/b")) {
      Run chosen = run("--only", only, file);
      assertThat(chosen.code()).as(chosen.err()).isOne();
      assertThat(chosen.err()).contains(":9: Deployment shop/b: ").doesNotContain("shop/a");
    }
    assertThat(run("--all", file).err()).contains("Deployment shop/a: ", "Deployment shop/b: ");
    assertThat(run("--only", "deploy/a", "--only", "deploy/b", file).err())
        .contains("Deployment shop/a: ", "Deployment shop/b: ");
  }

  /// As kubectl prints several.
  @Test
  void whichOfAList() throws IOException {
    String item =
        """
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "namespace": "%s"},
          "spec": {"containers": [{"name": "c", "image": "", "env": []}]}}\
        """;
    String list = "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [%s]}";
    String several =
        file(
            "list.json",
            list.formatted(
                item.formatted("a", "x")
                    + ", "
                    + item.formatted("a", "y")
                    + ", "
                    + item.formatted("b", "y")));
    assertThat(run(several).err()).contains("which of 3 pods is to run?", "--only y/pod/a (");
    Run ambiguous = run("--only", "pod/a", several);
    assertThat(ambiguous.code()).isEqualTo(2);
    assertThat(ambiguous.err())
        .contains("error: --only pod/a fits more than one\n", "--only x/pod/a", "--only y/pod/a")
        .doesNotContain("pod/b");
    assertThat(run("--only", "y/pod/a", several).err()).contains("y/a: spec.containers[0].image");
    Run none = run("--only", "pod/c", several);
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("--only pod/c: the files have no such pod", "--only y/pod/b");
    assertThat(run("--only", "pdo/b", several).err())
        .contains("--only pdo/b: the files have no such pod; did you mean pod/b?");
    assertThat(run("--only", "y/pdo/b", several).err()).contains("; did you mean y/pod/b?");
    assertThat(none.err()).doesNotContain("did you mean pod/b");
    // One in a list is clear.
    assertThat(run(file("one.json", list.formatted(item.formatted("a", "x")))).err())
        .contains("x/a: spec.containers[0].image");
  }

  /// A refusal of what does not run is no reason not to run the rest.
  @Test
  void onlyWhatIsChosenIsJudged() throws IOException {
    String bad = file("bad.yaml", CheckTest.PLAIN.replace("name: c,", "name: C_,"));
    String good = file("good.yaml", DEPLOYMENT.formatted("d", "shop"));
    Run run = run("--only", "deployment/d", bad, good);
    assertThat(run.err()).contains("livenessProbe").doesNotContain("bad.yaml", "refused");
  }

  /// No kind is checked, and it may have what a terminal obeys.
  @Test
  void aHostileKind() throws IOException {
    String hostile = DEPLOYMENT.formatted("d", "x").replace("Deployment", "\"\\e[31mRollout\"");
    String file = file("d.yaml", hostile + "---\n" + hostile.replace("name: \"d\"", "name: \"e\""));
    Run run = run(file);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("  --only \\x1b[31mrollout/d (" + file + ":1)\n")
        .doesNotContain("\u001b");
  }

  @Test
  void aLongListIsCut() throws IOException {
    StringBuilder pods = new StringBuilder();
    for (int i = 0; i < 25; i++) {
      pods.append(DEPLOYMENT.formatted("d" + i, "x")).append("---\n");
    }
    Run run = run(file("many.yaml", pods.toString()));
    assertThat(run.err()).contains("deployment/d19 (", "  and 5 more\n").doesNotContain("/d20 (");
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "pod/", "/web", "a/b/c/d", "a//b"})
  void whatIsNoChoice(String only) throws IOException {
    Run run = run("--only", only, file("pod.yaml", CheckTest.PLAIN));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--only \"" + only + "\": write KIND/NAME");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image: i, livenessProbe: {exec: {command: [a]}} | livenessProbe: portcullis run does not",
        "image: i, volumeMount: [] , workingdir: / | did you mean \"workingDir\"?",
        "image: i, envFrom: [{configMapRef: {name: s}}] | there is no ConfigMap of this name in"
            + " namespace \"team\" among the given files; add its file to the command",
        "image: '' | spec.containers[0].image: Required value"
      })
  void whatIsNotSupported(String container, String message) throws IOException {
    Run run = run(file("pod.yaml", CheckTest.PLAIN.replace("image: i", container)));
    assertThat(run.code()).isOne();
    assertThat(run.err()).contains(message).endsWith("note: nothing was started\n");
  }

  @Test
  void aVolumeOfACluster() throws IOException {
    String volumes = "spec: {volumes: [{name: v, persistentVolumeClaim: {claimName: x}}], ";
    Run run = run(file("pod.yaml", CheckTest.PLAIN.replace("spec: {", volumes)));
    assertThat(run.code()).isOne();
    assertThat(run.err()).contains("spec.volumes[0].persistentVolumeClaim: portcullis run does");
  }

  @Test
  void twoPodsOfOneName() throws IOException {
    Run run = run(file("a.yaml", CheckTest.PLAIN), file("b.yaml", CheckTest.PLAIN));
    assertThat(run.code()).isOne();
    assertThat(run.err()).contains("b.yaml:1: another of these pods is named team/plain too");
  }

  @Test
  void profilesThatCannotBeUsed() throws IOException {
    assumeMayMakeState();
    String pod = file("pod.yaml", localhost("p.json"));
    Run noRoot = run(pod);
    assertThat(noRoot.code()).isEqualTo(3);
    assertThat(noRoot.err()).contains("the profile root is not a directory or does not exist");
    Path root = Files.createDirectory(temporary.resolve("seccomp"));
    Run missing = run(pod);
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err())
        .contains("container \"c\" (pod-field): ")
        .contains("p.json")
        .endsWith("note: nothing was started\n");
    Files.writeString(root.resolve("p.json"), "{}");
    Run broken = run(pod);
    assertThat(broken.code()).isOne();
    assertThat(broken.err()).contains("p.json").endsWith("note: nothing was started\n");
    // What only runc refuses is a warning where the runtime is not ours.
    Files.writeString(
        root.resolve("p.json"),
        "{\"defaultAction\": \"SCMP_ACT_LOG\",\n \"flags\": [\"SECCOMP_FILTER_FLAG_LOG\"]}");
    assertThat(run(pod).err()).contains("warning: ").contains("/nonexistent/sock");
  }

  @Test
  void whatRuncRefusesStopsARunOnOurOwnContainerd() throws IOException {
    assumeMayMakeState();
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    String pod = file("pod.yaml", localhost("p.json"));
    Files.writeString(
        Files.createDirectory(temporary.resolve("seccomp")).resolve("p.json"),
        "{\"defaultAction\": \"SCMP_ACT_LOG\",\n \"flags\": [\"SECCOMP_FILTER_FLAG_LOG\"]}");
    String root = temporary + "/seccomp";
    for (Run run :
        List.of(
            Run.of("run", "--seccomp-profile-root", root, pod),
            Run.of("run", "--seccomp-profile-root", root, "--runtime-handler", "runc", pod))) {
      assertThat(run.code()).isOne();
      assertThat(run.err())
          .contains("/seccomp/p.json:2:")
          .contains("[runc-refuses-flags]")
          .endsWith("note: nothing was started\n");
    }
  }

  @Test
  void noSocket() throws IOException {
    assumeMayMakeState();
    Run run = run(file("pod.yaml", CheckTest.PLAIN));
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("/nonexistent/sock");
  }

  private static void assumeMayMakeState() {
    assumeThat(Files.isWritable(Files.exists(STATE) ? STATE : STATE.getParent()))
        .as("the directory of runs is made below " + STATE.getParent())
        .isTrue();
  }

  /// Also before a profile is looked for, or anything is made.
  @Test
  void aRecordingThatIsThereAlready() throws IOException {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    Files.createDirectory(temporary.resolve("seccomp"));
    Path to = Files.createDirectory(temporary.resolve("to"));
    String pod = file("pod.yaml", localhost("none.json"));
    Run run = run("--record", to.toString(), pod);
    assertThat(run.err()).contains("none.json").doesNotContain("the file exists");
    Files.writeString(to.resolve("plain-c.json"), "");
    run = run("--record", to.toString(), pod);
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err())
        .contains(to + "/plain-c.json: the file exists")
        .doesNotContain("none.json");
  }
}
