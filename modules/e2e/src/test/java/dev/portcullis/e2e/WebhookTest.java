package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cri.CriException;
import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.e2e.cluster.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The webhook in a real cluster, from its image and the manifests in deploy/: what is stored, what
/// kubectl shows, and what the kernel says.
///
/// Policies: everybody may use the runtime's default; group `testers` may use `localhost/team/*`;
/// the service account `free` may use `unconfined`.
@Tag(ClusterLane.TAG)
class WebhookTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  private static final String NS = "shop";
  private static final String POD = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String POLICY = "{.metadata.annotations.portcullis\\.dev/policy}";
  private static final String CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";

  private static final String POLICIES =
      policy("everybody", "[runtime/default], defaultProfile: runtime/default")
          + policy("team", "['localhost/team/*']")
          + policy("free", "[unconfined]")
          + binding("", "use-everybody", "Group", "system:authenticated")
          + binding(NS, "use-team", "Group", "testers")
          + binding(NS, "use-free", "ServiceAccount", "free")
          + binding(NS, "edit", "Group", "developers")
          + binding(NS, "edit", "Group", "testers")
          + """
          apiVersion: v1
          kind: ServiceAccount
          metadata: {name: free, namespace: shop}
          """;

  /// A policy, and the role to use it.
  private static String policy(String name, String allowed) {
    return """
    apiVersion: portcullis.dev/v1alpha1
    kind: SeccompPolicy
    metadata: {name: %1$s}
    spec: {allowedProfiles: %2$s}
    ---
    apiVersion: rbac.authorization.k8s.io/v1
    kind: ClusterRole
    metadata: {name: use-%1$s}
    rules:
    - {apiGroups: [portcullis.dev], resources: [seccomppolicies], verbs: [use], resourceNames: [%1$s]}
    ---
    """
        .formatted(name, allowed);
  }

  /// @param namespace empty for the whole cluster
  private static String binding(String namespace, String role, String kind, String subject) {
    boolean account = kind.equals("ServiceAccount");
    return """
    apiVersion: rbac.authorization.k8s.io/v1
    kind: %s
    metadata: {name: "%s-%s"%s}
    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %s}
    subjects: [{kind: %s, name: "%s"%s}]
    ---
    """
        .formatted(
            namespace.isEmpty() ? "ClusterRoleBinding" : "RoleBinding",
            role,
            subject.replace(':', '.'),
            namespace.isEmpty() ? "" : ", namespace: " + namespace,
            role,
            kind,
            subject,
            account ? ", namespace: " + namespace : ", apiGroup: rbac.authorization.k8s.io");
  }

  @BeforeAll
  static void install() throws IOException, InterruptedException, CriException {
    Cluster cluster = REAL.get();
    Files.createDirectories(cluster.profileRoot().resolve("team"));
    Files.writeString(
        cluster.profileRoot().resolve("team/no-mkdir.json"),
        """
        {"defaultAction": "SCMP_ACT_ALLOW",
         "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO"}]}
        """);
    // Before there is any webhook: an old pod, for later.
    cluster.createNamespace(NS);
    cluster.apply(pod("old", POD + ": unconfined", ""));
    Installation.into(cluster);
    cluster.apply(POLICIES);
    // Two replicas hear of them, each by a watch of its own.
    int[] inARow = {0};
    cluster.waitUntil(
        "the policies count for both replicas",
        () -> {
          Result tried = tried(NS, "{}", POLICY);
          inARow[0] = tried.out().equals("everybody") ? inARow[0] + 1 : 0;
          return inARow[0] == 8;
        });
  }

  /// The end is a test, too: nothing is left of it.
  @AfterAll
  static void uninstall() throws IOException {
    Cluster cluster = REAL.get();
    Installation.outOf(cluster);
    Installation.awaitGone(cluster, Installation.manifests(cluster));
    for (String kind :
        List.of(
            "crd",
            "clusterrole",
            "clusterrolebinding",
            "priorityclass",
            "mutatingwebhookconfiguration",
            "validatingwebhookconfiguration",
            "namespace")) {
      assertThat(cluster.admin("get", kind, "-o=name")).as(kind).doesNotContain("portcullis");
    }
    assertThat(Installation.probe(cluster).ok()).isTrue();
    cluster.removeNamespaces(NS);
    cluster.admin("delete", "clusterrole", "use-everybody", "use-team", "use-free");
    cluster.admin("delete", "clusterrolebinding", "use-everybody-system.authenticated");
  }

  /// @param spec more of the pod's spec, as lines of YAML at its level; `{` of a container stays
  ///   ours
  private static String pod(String name, String annotations, String spec) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      namespace: %s
      name: %s
      annotations: {%s}
    spec:
      terminationGracePeriodSeconds: 0
      restartPolicy: Never
      %s
      containers:
      - name: c
        image: %s
        command: [sleep, "3600"]
      - name: d
        image: %s
        command: [sleep, "3600"]
    """
        .formatted(NS, name, annotations, spec, REAL.get().busybox(), REAL.get().busybox());
  }

  /// A pod, and what should become of it.
  ///
  /// @param pod the type of the pod's field as stored; `-` for none
  /// @param c the same of the container's field
  /// @param filters of the kernel, in containers c and d; empty where the pod is refused
  /// @param words of the record, or of the refusal
  record Row(
      String name,
      String user,
      String annotations,
      String spec,
      String pod,
      String c,
      List<Integer> filters,
      String words) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    String team = "localhost/team/no-mkdir.json";
    return List.of(
        new Row("nothing", "alice", "", "", "RuntimeDefault", "-", List.of(1, 1), "everybody"),
        new Row(
            "annotated",
            "alice",
            POD + ": runtime/default",
            "",
            "RuntimeDefault",
            "-",
            List.of(1, 1),
            "everybody"),
        new Row(
            "old-spelling",
            "alice",
            POD + ": docker/default",
            "",
            "RuntimeDefault",
            "-",
            List.of(1, 1),
            "everybody"),
        new Row(
            "granted-to-a-group",
            "bob",
            POD + ": " + team,
            "",
            "Localhost",
            "-",
            List.of(1, 1),
            "team"),
        new Row(
            "not-granted",
            "alice",
            POD + ": " + team,
            "",
            "",
            "",
            List.of(),
            "container \"c\" may not run under " + team),
        new Row(
            "container-beats-pod",
            "bob",
            POD + ": runtime/default, " + CONTAINER + "c: " + team,
            "",
            "RuntimeDefault",
            "Localhost",
            List.of(1, 1),
            "everybody,team"),
        new Row(
            "of-the-account",
            "alice",
            CONTAINER + "c: unconfined",
            "serviceAccountName: free",
            "RuntimeDefault",
            "Unconfined",
            List.of(0, 1),
            "everybody,free"),
        new Row(
            "not-of-the-account",
            "alice",
            CONTAINER + "c: unconfined",
            "",
            "",
            "",
            List.of(),
            "it is allowed by SeccompPolicy \"free\""),
        new Row(
            "field",
            "alice",
            "",
            "securityContext: {seccompProfile: {type: RuntimeDefault}}",
            "RuntimeDefault",
            "-",
            List.of(1, 1),
            "everybody"),
        new Row(
            "field-not-granted",
            "alice",
            "",
            "securityContext: {seccompProfile: {type: Unconfined}}",
            "",
            "",
            List.of(),
            "spec.securityContext.seccompProfile"),
        new Row(
            "forged-record",
            "alice",
            "portcullis.dev/policy: free",
            "",
            "RuntimeDefault",
            "-",
            List.of(1, 1),
            "everybody"),
        new Row(
            "localhost-of-nothing",
            "bob",
            POD + ": localhost/",
            "",
            "",
            "",
            List.of(),
            "must name a file below the profile root"),
        new Row(
            "init",
            "alice",
            CONTAINER + "i: unconfined",
            "initContainers: [{name: i, image: busybox}]",
            "",
            "",
            List.of(),
            "container \"i\" may not run under unconfined"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aPod(Row row) throws IOException {
    Cluster cluster = REAL.get();
    Result result = cluster.apply(row.user(), pod(row.name(), row.annotations(), row.spec()));
    if (row.filters().isEmpty()) {
      assertThat(result.code()).as(result.err()).isEqualTo(1);
      assertThat(result.err())
          .contains("admission webhook \"validate.portcullis.dev\" denied the request")
          .contains("pod \"" + row.name() + "\" in namespace \"shop\"")
          .contains(row.words());
      assertThat(cluster.kubectl("admin", "get", "pod", "-n=" + NS, row.name()).err())
          .contains("not found");
      return;
    }
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(
            field(row.name(), "{.spec.securityContext.seccompProfile.type}")
                + " "
                + field(row.name(), "{.spec.containers[0].securityContext.seccompProfile.type}"))
        .isEqualTo(row.pod().replace("-", "") + " " + row.c().replace("-", ""));
    assertThat(field(row.name(), "{.metadata.annotations.portcullis\\.dev/policy}"))
        .isEqualTo(row.words());
    assertThat(cluster.seccomp(NS, row.name(), "c").filters()).isEqualTo(row.filters().get(0));
    assertThat(cluster.seccomp(NS, row.name(), "d").filters()).isEqualTo(row.filters().get(1));
    // The second time there is nothing left to do.
    Result again = cluster.apply(row.user(), pod(row.name(), row.annotations(), row.spec()));
    if (row.annotations().startsWith("portcullis.dev/policy")) {
      assertThat(again.err()).contains("only Portcullis may write how a pod was admitted");
    } else {
      assertThat(again.out()).as(again.err()).contains("unchanged");
    }
    cluster.admin("delete", "pod", "-n=" + NS, row.name(), "--wait=false");
  }

  private static String field(String pod, String path) throws IOException {
    return REAL.get().admin("get", "pod", "-n=" + NS, pod, "-o=jsonpath=" + path);
  }

  @Test
  void anOldPodIsLabelledAndNotJudged() throws IOException {
    Cluster cluster = REAL.get();
    assertThat(cluster.kubectl("alice", "label", "pod", "-n=" + NS, "old", "a=b").err()).isEmpty();
    Result annotated =
        cluster.kubectl(
            "alice", "annotate", "pod", "-n=" + NS, "old", CONTAINER + "c=localhost/other");
    assertThat(annotated.err()).contains("container \"c\" may not run under localhost/other");
  }

  @Test
  void tryingIsJudgedToo() throws IOException {
    Cluster cluster = REAL.get();
    assertThat(tried(NS, "{}", "{.spec.securityContext.seccompProfile.type}").out())
        .isEqualTo("RuntimeDefault");
    Result generated =
        cluster.kubectl(
            "alice",
            "create",
            "-o=name",
            "-f="
                + file(pod("x", POD + ": unconfined", "").replace("name: x", "generateName: g-")));
    assertThat(generated.err()).contains("pod \"g-");
  }

  private static Path file(String yaml) throws IOException {
    Path file = Files.createTempFile("portcullis", ".yaml");
    file.toFile().deleteOnExit();
    return Files.writeString(file, yaml);
  }

  private static String deployment(String name, String account) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: %s, namespace: shop}
    spec:
      selector: {matchLabels: {app: %s}}
      template:
        metadata:
          labels: {app: %s}
          annotations: {%s: unconfined}
        spec:
          serviceAccountName: %s
          terminationGracePeriodSeconds: 0
          containers: [{name: c, image: "%s", command: [sleep, "3600"]}]
    """
        .formatted(name, name, name, POD, account, REAL.get().busybox());
  }

  @Test
  void aDeploymentIsWarnedAtOnceAndItsPodsAreRefused() throws IOException {
    Cluster cluster = REAL.get();
    Result result = cluster.apply("alice", deployment("refused", "default"));
    assertThat(result.code()).isZero();
    assertThat(result.err())
        .contains(
            "Warning: the pods of this Deployment will be refused:"
                + " spec.template.metadata.annotations.")
        .contains("not by user \"alice\"");
    cluster.waitUntil(
        "the controller is refused",
        () ->
            cluster
                .admin("get", "events", "-n=" + NS, "-o=jsonpath={.items[*].message}")
                .contains("denied the request: pod \"refused-"));
    cluster.admin("delete", "deployment", "-n=" + NS, "refused");
  }

  @Test
  void aDeploymentOfAnAccountThatMayRuns() throws IOException {
    Cluster cluster = REAL.get();
    Result result = cluster.apply("alice", deployment("free", "free"));
    assertThat(result.complaints()).isEmpty();
    String path = "-o=jsonpath={.items[0].metadata.name}";
    cluster.waitUntil(
        "its pod is there",
        () ->
            !cluster
                .admin("get", "pods", "-n=" + NS, "-l=app=free", path, "--ignore-not-found")
                .isEmpty());
    String name = cluster.admin("get", "pods", "-n=" + NS, "-l=app=free", path);
    assertThat(cluster.seccomp(NS, name, "c").filters()).isZero();
    assertThat(field(name, "{.metadata.annotations.portcullis\\.dev/policy}")).isEqualTo("free");
    cluster.admin("delete", "deployment", "-n=" + NS, "free");
  }

  @Test
  void modesOfANamespace() throws IOException {
    Cluster cluster = REAL.get();
    String refused = pod("moded", POD + ": unconfined", "");
    cluster.admin("label", "namespace", NS, "portcullis.dev/mode=warn", "--overwrite");
    cluster.waitUntil(
        "warned instead of refused",
        () -> cluster.kubectl("alice", "apply", "--dry-run=server", "-f=" + file(refused)).ok());
    assertThat(cluster.kubectl("alice", "apply", "--dry-run=server", "-f=" + file(refused)).err())
        .contains("Warning: Portcullis in enforce mode would refuse this");
    cluster.admin("label", "namespace", NS, "portcullis.dev/mode=audit", "--overwrite");
    cluster.waitUntil(
        "silent",
        () ->
            cluster
                .kubectl("alice", "apply", "--dry-run=server", "-f=" + file(refused))
                .complaints()
                .isEmpty());
    cluster.admin("label", "namespace", NS, "portcullis.dev/mode-");
    cluster.waitUntil(
        "refused again",
        () -> !cluster.kubectl("alice", "apply", "--dry-run=server", "-f=" + file(refused)).ok());
  }

  /// Before 1.21 servers do not see to it that it says the truth; later ones write the true name.
  @Test
  void aForgedNameOfANamespaceLeavesNothingOut() throws IOException {
    Cluster cluster = REAL.get();
    cluster.createNamespace("forged");
    cluster.admin(
        "label", "namespace", "forged", "kubernetes.io/metadata.name=kube-system", "--overwrite");
    cluster.admin(
        "create", "rolebinding", "edit", "-n=forged", "--clusterrole=edit", "--group=developers");
    cluster.waitUntil(
        "it is judged",
        () ->
            tried("forged", annotated("unconfined"), "{.metadata.name}")
                .err()
                .contains("may not run under unconfined"));
    cluster.removeNamespaces("forged");
  }

  /// What a refusal tells an administrator to run, run: alice is admitted, and bob is not.
  @Test
  void whatARefusalSuggestsHelps() throws IOException {
    Cluster cluster = REAL.get();
    String help = "help: an administrator can run: ";
    String wanted = "localhost/granted/only.json";
    cluster.createNamespace("granted");
    for (String group : List.of("developers", "testers")) {
      cluster.admin(
          "create", "rolebinding", group, "-n=granted", "--clusterrole=edit", "--group=" + group);
    }
    cluster.waitUntil(
        "refused, with help", () -> triedIn("granted", "alice", wanted).err().contains(help));
    String line =
        triedIn("granted", "alice", wanted)
            .err()
            .lines()
            .filter(each -> each.startsWith(help))
            .findFirst()
            .orElseThrow();
    String kubectl = " \\| kubectl (create|apply) -f -";
    for (String command : line.substring(help.length()).split(" && ", -1)) {
      assertThat(command).matches("portcullis policy .*" + kubectl);
      String[] words = command.replaceFirst(kubectl, "").split(" ", -1);
      cluster.apply(Portcullis.run(Arrays.copyOfRange(words, 1, words.length)).out());
    }
    cluster.waitUntil("alice may", () -> triedIn("granted", "alice", wanted).ok());
    assertThat(triedIn("granted", "bob", wanted).err()).contains("may not run under " + wanted);
    // RBAC takes the name of the binding, whatever the user is called.
    cluster.apply(
        Portcullis.run(
                "policy",
                "grant",
                "granted.only.json",
                "--to",
                "user:https://issuer/a b%c=\u00e4",
                "-n",
                "granted")
            .out());
    cluster.removeNamespaces("granted");
    cluster.admin("delete", "seccomppolicy", "granted.only.json");
    cluster.admin("delete", "clusterrole", "use-seccomp-policy-granted.only.json");
  }

  private static Result triedIn(String namespace, String user, String profile) throws IOException {
    return REAL.get()
        .tryPod(
            user,
            namespace,
            """
            {"metadata": {"name": "tried", "annotations": %s},
             "spec": {"containers": [{"name": "tried", "image": "x"}]}}
            """
                .formatted(annotated(profile)),
            POLICY);
  }

  @Test
  void whoAsksTheClusterGetsItsAnswers() throws IOException {
    Cluster cluster = REAL.get();
    String kubeconfig = cluster.kubeconfig("admin").toString();
    Portcullis.Result who =
        Portcullis.run(
            "policy",
            "who-can",
            "use",
            "localhost/team/no-mkdir.json",
            "-n",
            NS,
            "--cluster",
            "--kubeconfig",
            kubeconfig);
    assertThat(who.code()).as(who.err()).isZero();
    assertThat(who.out()).contains("testers", "team");
    String manifest = file(pod("x", POD + ": localhost/team/no-mkdir.json", "")).toString();
    Portcullis.Result alice =
        Portcullis.run(
            "check",
            "--cluster",
            "--kubeconfig",
            kubeconfig,
            "--as",
            "alice",
            "--as-group",
            "developers",
            manifest);
    assertThat(alice.code()).as(alice.err()).isEqualTo(1);
    Portcullis.Result bob =
        Portcullis.run(
            "check",
            "--cluster",
            "--kubeconfig",
            kubeconfig,
            "--as",
            "bob",
            "--as-group",
            "testers",
            manifest);
    assertThat(bob.code()).as(bob.err() + bob.out()).isZero();
  }

  @Test
  void anEphemeralContainerIsJudged() throws IOException {
    Cluster cluster = REAL.get();
    cluster.apply(pod("debugged", "", ""));
    Result result = debugged("debugged");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(cluster.seccomp(NS, "debugged", "e").filters()).isEqualTo(1);
    cluster.apply(
        pod("own-profiles", "", "")
            .replace(
                "command:",
                "securityContext: {seccompProfile: {type: RuntimeDefault}}\n    command:"));
    Result unfiltered = debugged("own-profiles");
    if (cluster.before(23)) {
      assertThat(unfiltered.err()).contains("before Kubernetes 1.23");
    } else {
      assertThat(cluster.seccomp(NS, "own-profiles", "e").filters()).isEqualTo(1);
    }
  }

  /// Again where the kubelet has written the pod's status meanwhile.
  private static Result debugged(String pod) throws IOException {
    Cluster cluster = REAL.get();
    Result result = null;
    for (int i = 0; i < 10 && (result == null || result.err().contains("has been modified")); i++) {
      result =
          cluster.kubectl(
              "admin",
              "debug",
              "-n=" + NS,
              pod,
              "--image=" + cluster.busybox(),
              "--container=e",
              "--",
              "sleep",
              "3600");
    }
    return Objects.requireNonNull(result);
  }

  private static final String FORGED =
      "\"portcullis.dev/unconfined\": \"c\", \"" + CONTAINER + "c\": \"localhost/weak.json\"";

  /// A pod as stored, to replace any version: the kubelet may write its status in between.
  private static String anyVersion(String pod) throws IOException {
    return REAL.get()
        .admin("get", "pod", "-n=" + NS, pod, "-o=json")
        .replaceAll("\"resourceVersion\": \"[0-9]+\",", "");
  }

  /// By the administrator: whoever it is, it is not the way.
  @Test
  void theStatusOfAPodChangesNothingThatMatters() throws IOException {
    Cluster cluster = REAL.get();
    cluster.apply(pod("stated", "a: b", ""));
    String path = "--raw=/api/v1/namespaces/" + NS + "/pods/stated/status";
    String stored = anyVersion("stated");
    assertThat(stored).contains("\"a\": \"b\"");
    Path forged = file(stored.replace("\"a\": \"b\"", "\"a\": \"b\", " + FORGED));
    assertThat(cluster.kubectl("admin", "replace", path, "-f=" + forged).err())
        .contains(
            "metadata.annotations.portcullis.dev/unconfined",
            "metadata.annotations." + CONTAINER + "c",
            "cannot be changed through pods/status");
    Path bare = file(stored.replace("portcullis.dev/policy", "other.example/policy"));
    assertThat(cluster.kubectl("admin", "replace", path, "-f=" + bare).err())
        .contains("metadata.annotations.portcullis.dev/policy");
    assertThat(
            cluster
                .kubectl("admin", "annotate", "pod", "-n=" + NS, "stated", "portcullis.dev/policy-")
                .err())
        .contains("only Portcullis may write how a pod was admitted");
    // What does not matter passes, and so does the kubelet, by which the pod runs at all.
    Path harmless = file(anyVersion("stated").replace("\"a\": \"b\"", "\"a\": \"c\""));
    Result changed = cluster.kubectl("admin", "replace", path, "-f=" + harmless);
    assertThat(changed.ok()).as(changed.err()).isTrue();
    assertThat(field("stated", "{.metadata.annotations.a}")).isEqualTo("c");
    assertThat(cluster.seccomp(NS, "stated", "c").filters()).isEqualTo(1);
    cluster.admin("delete", "pod", "-n=" + NS, "stated", "--wait=false");
  }

  @Test
  void aBindingBringsNothingThatMatters() throws IOException {
    Cluster cluster = REAL.get();
    cluster.apply(pod("unbound", "", "schedulerName: nobody"));
    for (String way : List.of("pods/unbound/binding", "bindings")) {
      Path forged =
          file(
              "{\"apiVersion\": \"v1\", \"kind\": \"Binding\", \"metadata\": {\"name\":"
                  + " \"unbound\", \"annotations\": {"
                  + FORGED
                  + "}}, \"target\": {\"apiVersion\": \"v1\", \"kind\": \"Node\", \"name\":"
                  + " \"nowhere\"}}");
      assertThat(
              cluster
                  .kubectl(
                      "admin",
                      "create",
                      "--raw=/api/v1/namespaces/" + NS + "/" + way,
                      "-f=" + forged)
                  .err())
          .as(way)
          .contains("cannot be changed through " + (way.equals("bindings") ? way : "pods/binding"));
      assertThat(field("unbound", "{.spec.nodeName}")).isEmpty();
      assertThat(field("unbound", "{.metadata.annotations}")).doesNotContain("weak");
    }
    cluster.admin("delete", "pod", "-n=" + NS, "unbound", "--wait=false");
  }

  @Test
  void aPrivilegedContainerIsJudgedAsWhatRuns() throws IOException {
    Cluster cluster = REAL.get();
    String privileged =
        pod("privileged", POD + ": runtime/default", "%s")
            .replaceFirst("command:", "securityContext: {privileged: true}\n    command:");
    Result refused = cluster.apply("alice", privileged.replace("%s", ""));
    assertThat(refused.err())
        .contains(
            "container \"c\" is privileged, so it runs unconfined regardless of the profile that it"
                + " names");
    Result allowed = cluster.apply("alice", privileged.replace("%s", "serviceAccountName: free"));
    assertThat(allowed.ok()).as(allowed.err()).isTrue();
    assertThat(field("privileged", "{.metadata.annotations.portcullis\\.dev/unconfined}"))
        .isEqualTo("c");
    assertThat(cluster.seccomp(NS, "privileged", "c").filters()).isZero();
    assertThat(cluster.seccomp(NS, "privileged", "d").filters()).isEqualTo(1);
    cluster.admin("delete", "pod", "-n=" + NS, "privileged", "--wait=false");
  }

  @Test
  void aPolicyHasAStatus() throws IOException {
    Cluster cluster = REAL.get();
    cluster.apply(
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: SeccompPolicy
        metadata: {name: sound}
        spec: {allowedProfiles: [runtime/default], stricterThan: [runtime/default]}
        """);
    cluster.waitUntil(
        "its status says so",
        () ->
            cluster
                .admin("get", "scp", "sound", "-o=jsonpath={.status.invalidEntries}")
                .equals("0"));
    cluster.admin("delete", "scp", "sound");
  }

  @Test
  void afterTheApiServerWasAwayEverythingIsJudged() throws IOException {
    Cluster cluster = REAL.get();
    cluster.restartApiServer();
    cluster.admin("delete", "clusterrolebinding", "use-everybody-system.authenticated");
    for (int i = 0; i < 200; i++) {
      assertThat(Installation.probe(cluster).ok()).isFalse();
    }
    cluster.waitUntil(
        "the change of RBAC after the restart counts",
        () -> {
          // One that came in by an answer that was kept is judged no more.
          cluster.admin("delete", "pod", "-n=" + NS, "late", "--ignore-not-found", "--now");
          return cluster.apply("alice", pod("late", "", "")).err().contains("may use no policy");
        });
    cluster.apply(POLICIES);
    cluster.waitUntil(
        "and the change back", () -> cluster.apply("alice", pod("late", "", "")).ok());
  }

  @Test
  void whereNobodyAnswersNothingGetsIn() throws IOException {
    Cluster cluster = REAL.get();
    cluster.admin("delete", "pods", "-n=portcullis", "--all", "--force", "--grace-period=0");
    awaitRefusal("the webhook is really away", "failed calling webhook");
    awaitRefusal("it is back", "denied the request");
    Installation.awaitReady(cluster);
  }

  /// Waits for a reason; whatever the reason is meanwhile, nothing gets in.
  private static void awaitRefusal(String what, String reason) throws IOException {
    AtomicBoolean admitted = new AtomicBoolean();
    REAL.get()
        .waitUntil(
            what,
            () -> {
              Result result = Installation.probe(REAL.get());
              admitted.compareAndSet(false, result.ok());
              return admitted.get() || result.err().contains(reason);
            });
    assertThat(admitted).as("a pod got in unjudged").isFalse();
  }

  /// The addresses of the replicas are reached from the node, past the API server.
  @Test
  void aBodyOfFiftyMegabytesIsRefusedAndHurtsNobody() throws Exception {
    Cluster cluster = REAL.get();
    for (String address : replicas("{.status.podIP}")) {
      try (DirectCall call = DirectCall.announce(address, 50_000_000)) {
        assertThat(call.status()).isEqualTo("HTTP/1.1 413 Request Entity Too Large");
        assertThat(call.sent(50_000_000)).isLessThan(50_000_000);
      }
    }
    assertThat(cluster.apply("alice", pod("after-large", "", "")).ok()).isTrue();
    assertThat(replicas("{.status.containerStatuses[0].restartCount}")).containsOnly("0");
  }

  private static List<String> replicas(String path) throws IOException {
    return REAL.get()
        .admin(
            "get", "pods", "-n=portcullis", "-o=jsonpath={range .items[*]}" + path + "{'\\n'}{end}")
        .lines()
        .toList();
  }

  @Test
  void fiveThousandPolicies() throws Exception {
    Cluster cluster = REAL.get();
    ManyPolicies.create(cluster, 5000);
    String last = ManyPolicies.name(4999);
    cluster.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: use-last}
        rules:
        - {apiGroups: [portcullis.dev], resources: [seccomppolicies], verbs: [use], resourceNames: [%s]}
        ---
        """
                .formatted(last)
            + binding(NS, "use-last", "Group", "developers"));
    cluster.waitUntil("the last one counts", () -> tryLast(last).out().equals(last));
    assertThat(tryLast(ManyPolicies.name(4998)).err())
        .contains("denied the request", "other policies were not checked")
        .hasSizeLessThan(20_000);
    // Replicas that are new get them all at once.
    cluster.admin("delete", "pods", "-n=portcullis", "--all", "--force", "--grace-period=0");
    Installation.awaitReady(cluster);
    // For a moment an API server may still ask one that is gone. The one that answers knows all
    // of them.
    Result[] answer = new Result[1];
    cluster.waitUntil(
        "somebody answers",
        () -> {
          answer[0] = tryLast(last);
          return !answer[0].err().contains("failed calling webhook");
        });
    assertThat(answer[0].ok()).as(answer[0].err()).isTrue();
    // On a slow machine, the mutating webhook may not have come to the last one in its time; the
    // validating one, which asks on from there, admits the pod then, and nobody writes who did.
    cluster.waitUntil("the last one is written down", () -> tryLast(last).out().equals(last));
    assertThat(replicas("{.status.containerStatuses[0].restartCount}")).containsOnly("0");
    cluster.admin("delete", "clusterrole", "use-last");
    ManyPolicies.delete(cluster);
  }

  /// What alice would have, as a dry run.
  ///
  /// @param annotations in JSON
  private static Result tried(String namespace, String annotations, String path)
      throws IOException {
    return REAL.get()
        .tryPod(
            "alice",
            namespace,
            """
            {"metadata": {"name": "tried", "annotations": %s},
             "spec": {"containers": [{"name": "tried", "image": "x"}]}}
            """
                .formatted(annotations),
            path);
  }

  private static String annotated(String profile) {
    return "{\"%s\": \"%s\"}".formatted(POD, profile);
  }

  private static Result tryLast(String directory) throws IOException {
    return tried(NS, annotated("localhost/" + directory + "/a.json"), POLICY);
  }
}
