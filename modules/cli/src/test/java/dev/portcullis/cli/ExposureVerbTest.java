package dev.portcullis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

@EnabledIfSystemProperty(
    named = "os.arch",
    matches = "amd64",
    disabledReason = "the calls that are expected are those of x86_64")
class ExposureVerbTest {
  private static final String SANDBOX = "examples/profiles/browser-sandbox.json";
  private static final String EXPLORER = "examples/profiles/example-explorer-profile";
  private static final String ALG = "CVE-2026-31431";

  @TempDir Path temporary;

  private String file(String name, String text) throws IOException {
    return Files.writeString(temporary.resolve(name), text.replace('\'', '"')).toString();
  }

  @Test
  void withoutOperandsTheCatalogueIsListed() {
    Run run = Run.of("exposure");
    assertThat(run.code()).isZero();
    assertThat(run.out()).contains(ALG, "Copy Fail", "2026-04-29", "6.19.12");
    assertThat(Run.of("exposure", "-o", "json").out()).contains("\"id\" : \"" + ALG + "\"");
  }

  @Test
  void aBuiltInDefaultIsNamedWithItsRelease() {
    Run run = Run.of("exposure", ALG, "containerd/default@1.7");
    assertThat(run.out())
        .contains("reachable with containerd/default@1.7.34\n", "  containerd/default@1.7.34:\n")
        .doesNotContain("containerd/default@1.7\n", "containerd/default@1.7:");
    assertThat(Run.of("exposure", ALG, "containerd/default@1.7", "-o", "json").out())
        .contains("\"profile\" : \"containerd/default@1.7.34\"");
  }

  @Test
  void aProfileThatReachesAndWhatClosesIt() throws IOException {
    Run run = Run.of("exposure", ALG, SANDBOX);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "reachable with " + SANDBOX,
            "by socket(0x26, 0, 0, 0, 0, 0), number 41 on x86_64",
            "proven STRICTER",
            "takes away: ");
    // The printed line is run as it stands.
    Matcher line = Pattern.compile("portcullis (profile derive .*)").matcher(run.out());
    assertThat(line.find()).isTrue();
    String closed = temporary.resolve("closed.json").toString();
    String[] words =
        line.group(1)
            .replaceAll("--output-file \\S+", "--output-file " + closed)
            .replace("'", "")
            .split(" ", -1);
    Run derived = Run.of(words);
    assertThat(derived.code()).as(derived.err()).isZero();
    assertThat(derived.err()).contains("is STRICTER than");
    assertThat(Run.of("exposure", ALG, closed).out())
        .contains("closed only for x86_64, x32", "socketcall(0x1, 0, 0, 0, 0, 0)")
        .doesNotContain("reachable with");
  }

  @Test
  void aProfileThatIsClosed() {
    Run run = Run.of("exposure", ALG, "CVE-2026-46333", EXPLORER, "-o", "json");
    assertThat(run.out()).contains("\"result\" : \"closed\"", "\"barrier\" : ");
    assertThat(Run.of("exposure", "CVE-2026-46333", EXPLORER).code()).isZero();
  }

  @Test
  void whatARingDoesIsAWay() throws IOException {
    String profile =
        file(
            "ring.json",
            """
            {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"], "syscalls":
             [{"names": ["socket"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0,
               "value": 4294967295, "valueTwo": 38, "op": "SCMP_CMP_MASKED_EQ"}]}]}
            """);
    Run run = Run.of("exposure", ALG, profile, "-o", "json");
    assertThat(run.code()).isOne();
    assertThat(run.out()).contains("\"unseen\" : \"socket\"");
    assertThat(Run.of("exposure", ALG, profile).out())
        .contains("whose ring does", "--deny io_uring_setup", "takes away: io_uring");
  }

  private static String pod(String name, String context) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s}
    spec:
      containers:
        - name: app
          image: i
          securityContext: {%s}
    """
        .formatted(name, context);
  }

  private static String localhost(String path) {
    return "seccompProfile: {type: Localhost, localhostProfile: " + path + "}";
  }

  @Test
  void containersRunAsTheyDoToday() throws IOException {
    String pods =
        file(
            "pods.yaml",
            pod("named", localhost("browser-sandbox.json"))
                + "---\n"
                + pod("nothing", "")
                + "---\n"
                + pod("missing", localhost("missing.json"))
                + "---\n"
                + pod("closed", localhost("example-explorer-profile")));
    Run run =
        Run.of("exposure", ALG, pods, "--seccomp-profile-root", "examples/profiles", "-o", "json");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains(
            "\"how\" : \"as Kubernetes 1.36 runs them without Portcullis\"",
            "\"name\" : \"default/nothing app\"",
            "\"profileReason\" : \"no-profile\"",
            "\"result\" : \"undecided\"");
    assertThat(run.out()).containsPattern("\"line\" : 6,\\s+\"profile\" : \"localhost/browser");
    String with =
        Run.of(
                "exposure",
                ALG,
                pods,
                "--with-portcullis",
                "--runtime-default",
                EXPLORER,
                "--seccomp-profile-root",
                "examples/profiles")
            .out();
    assertThat(with).contains("as Portcullis admits them").doesNotContain("unconfined");
  }

  /// Docker's conditions depend on capabilities, and so does the rest.
  @Test
  void capabilitiesCount() throws IOException {
    String profile =
        file(
            "docker.json",
            "{'defaultAction': 'SCMP_ACT_ERRNO', 'archMap': [{'architecture':"
                + " 'SCMP_ARCH_X86_64', 'subArchitectures': []}], 'syscalls': [{'names':"
                + " ['fsconfig', 'fsopen'], 'action': 'SCMP_ACT_ALLOW', 'includes': {'caps':"
                + " ['CAP_SYS_ADMIN']}}]}");
    String pods =
        file(
            "pods.yaml",
            pod("usual", "seccompProfile: {type: RuntimeDefault}")
                + "---\n"
                + pod(
                    "admin",
                    "seccompProfile: {type: RuntimeDefault}, capabilities: {add: [SYS_ADMIN]}")
                + "---\n"
                + pod(
                    "dropped",
                    "seccompProfile: {type: RuntimeDefault}, capabilities: {add: [SYS_ADMIN],"
                        + " drop: [SYS_ADMIN]}"));
    Run run = Run.of("exposure", "CVE-2022-0185", pods, "--runtime-default", profile);
    assertThat(run.out())
        .contains("reachable with runtime/default: 1 container", "default/admin app")
        .contains("by having CAP_SYS_ADMIN")
        .contains("closed with runtime/default: 2 containers");
  }

  @Test
  void aPrivilegedContainerHasNoFilter() throws IOException {
    String pods = file("p.yaml", pod("p", "privileged: true, " + localhost("x.json")));
    Run run = Run.of("exposure", ALG, pods);
    assertThat(run.out()).contains("reachable with unconfined", "containers without a filter");
  }

  @Test
  void aUserNamespaceOfThePodIsNotTheNode() throws IOException {
    String own =
        file(
            "own.yaml",
            """
            id: OWN-1
            title: by handle
            date: "2014-06-18"
            summary: files outside of the container are opened by handle
            certainty: a test
            needs: {allOf: [{call: open_by_handle_at}, {capability: CAP_DAC_READ_SEARCH, overNode: true}]}
            loses: nothing
            sources: ["https://example.org/"]
            """);
    String pod = pod("p", "capabilities: {add: [DAC_READ_SEARCH]}");
    String host = file("host.yaml", pod);
    String users = file("users.yaml", pod.replace("spec:\n", "spec:\n  hostUsers: false\n"));
    assertThat(Run.of("exposure", "OWN-1", "--catalogue", own, host).code()).isEqualTo(1);
    Run closed = Run.of("exposure", "OWN-1", "--catalogue", temporary.toString(), users);
    assertThat(closed.err()).contains("host.yaml");
    closed = Run.of("exposure", "own-1", "--catalogue", own, users);
    assertThat(closed.code()).as(closed.err()).isZero();
    assertThat(closed.out()).contains("CAP_DAC_READ_SEARCH is only over the pod's user namespace");
  }

  @Test
  void aProcessIsAskedItself() throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "not root: filters are its to read");
    // No child of this one: the JDK waits for its children, and would be told of their stops.
    Process shell = new ProcessBuilder("sh", "-c", "sleep 60 >/dev/null 2>&1 & echo $!").start();
    String pid = new String(shell.getInputStream().readAllBytes(), UTF_8).strip();
    try {
      Run run = Run.of("exposure", ALG, "pid:" + pid);
      assertThat(run.out()).as(run.err()).contains("with pid:" + pid);
      assertThat(run.err()).doesNotContain("error:");
    } finally {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void errorsNameThePlace() throws IOException {
    String wrong = file("wrong.yaml", "id: X\nneeds:\n  call: sockett\n");
    Run run = Run.of("exposure", "--catalogue", wrong);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains(wrong + ":3: needs.call: ", "did you mean socket?");
    assertThat(Run.of("exposure", "CVE-2026-3143", SANDBOX).err())
        .contains("does not have CVE-2026-3143");
    assertThat(Run.of("exposure", ALG).err()).contains("needs something to ask about");
    assertThat(Run.of("exposure", ALG, "nothing.json").code()).isEqualTo(3);
    assertThat(Run.of("exposure", ALG, SANDBOX, "--policy", "p").err())
        .contains("--with-portcullis");
    String twice =
        file(
            "twice.yaml",
            Files.readString(catalogued()) + "---\n" + Files.readString(catalogued()));
    assertThat(Run.of("exposure", "--catalogue", twice).err()).contains("occurs twice");
  }

  /// What is printed is what a cluster takes: applied, `check` gives the closed profile to the pods
  /// that are named, and the profile is the one that was proven.
  @Test
  void theEmergencyBrake() throws IOException {
    String pods =
        file(
            "pods.yaml",
            pod("nothing", "")
                + "---\n"
                + pod("named", "seccompProfile: {type: RuntimeDefault}")
                + "---\n"
                + pod("other", localhost("x.json")));
    String policy = "examples/everybody.yaml";
    Path to = temporary.resolve("apply.yaml");
    Run run =
        Run.of(
            "exposure",
            ALG,
            "--close",
            "--every-architecture",
            "--runtime-default",
            SANDBOX,
            "--policy",
            policy,
            pods,
            "--output-file",
            to.toString());
    assertThat(run.code()).as(run.err()).isZero();
    String yaml = Files.readString(to);
    assertThat(yaml)
        .contains("proven STRICTER; closes " + ALG, "# - default/nothing\n", "# - default/named\n")
        .contains(
            "  namespace: portcullis-profiles\n", "kubectl delete configmap default-cve-2026-31431")
        .doesNotContain("default/other");
    String rbac = Files.readString(Path.of(policy)).split("---\n", 2)[1];
    String grants = file("rbac.yaml", rbac);
    Run check =
        Run.of(
            "check",
            "--policy",
            to.toString(),
            "--policy",
            grants,
            "--as",
            "ann",
            "--as-group",
            "system:authenticated",
            pods,
            "-o",
            "json");
    assertThat(check.out())
        .contains("\"profile\" : \"localhost/default-cve-2026-31431.json\"")
        .contains("\"profile\" : \"runtime/default\"");
    Matcher json = Pattern.compile("  default-cve-2026-31431.json: \"(.*)\"\n").matcher(yaml);
    assertThat(json.find()).isTrue();
    String content = json.group(1).replace("\\n", "\n").replace("\\\"", "\"");
    Path profile = Files.writeString(temporary.resolve("closed.json"), content);
    assertThat(Run.of("profile", "compare", profile.toString(), SANDBOX).out())
        .contains("is STRICTER than");
    assertThat(Run.of("exposure", ALG, profile.toString()).code()).isZero();
  }

  @Test
  void theBrakeOfAClusterWithoutPolicies() {
    Run run = Run.of("exposure", ALG, "--close", "--runtime-default", SANDBOX);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("system:authenticated", "system:serviceaccounts", "closed only for x86_64, x32");
    assertThat(run.err()).contains("--every-architecture");
  }

  @Test
  void halfABrakeIsNone() throws IOException {
    String own =
        file(
            "own.yaml",
            Files.readString(catalogued())
                .replace("id: " + ALG, "id: OWN-1")
                .replace("call: socket:domain==AF_ALG", "call: unshare"));
    Run run =
        Run.of(
            "exposure", ALG, "OWN-1", "--close", "--catalogue", own, "--runtime-default", SANDBOX);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("OWN-1: no change of runtime/default is proven to close it");
    Run closed = Run.of("exposure", "CVE-2026-46333", "--close", "--runtime-default", EXPLORER);
    assertThat(closed.code()).isZero();
    assertThat(closed.out()).isEmpty();
    assertThat(closed.err()).contains("closed already");
    assertThat(Run.of("exposure", "--close").err()).contains("--close needs the ID");
    assertThat(Run.of("exposure", ALG, SANDBOX, "--output-file", "x").err()).contains("--close");
  }

  private static Path catalogued() {
    return Path.of(
        "modules/profiles/src/main/resources/dev/portcullis/profiles/exposure/" + ALG + ".yaml");
  }
}
