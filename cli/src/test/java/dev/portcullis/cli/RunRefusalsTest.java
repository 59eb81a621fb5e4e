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

  @Test
  void aDeploymentIsNoPod() throws IOException {
    Run run =
        run(
            file(
                "d.yaml",
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: d}
                spec: {template: {spec: {containers: [{name: c, image: i}]}}}
                """));
    assertThat(run.code()).isOne();
    assertThat(run.err()).contains("accepts only Pods, and this is a Deployment");
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
}
