package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cri.CriException;
import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.e2e.cluster.Result;
import dev.portcullis.kernel.process.SeccompState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The image as deploy/nodes runs it on a real node: profiles arrive from ConfigMaps, the node
/// tells what it has.
@Tag(ClusterLane.TAG)
class DistributionTest {
  private static final String DEPLOY =
      Path.of("deploy/nodes").toAbsolutePath().normalize().toString();
  private static final String NODES = "portcullis-nodes";
  private static final String PROFILES = "portcullis-profiles";
  private static final String NAMESPACE = "distributed";

  private static final String LISTEN = "- --health-listen=:10289";

  /// Of this machine's runc, in the words of the one who installs it.
  private static final String LIBSECCOMP = "2.5.4";

  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  private final Cluster cluster = REAL.get();

  @BeforeAll
  static void install() throws Exception {
    Cluster cluster = REAL.get();
    Installation.awaitGone(cluster, DEPLOY);
    cluster.loadImage(PortcullisImage.build());
    // This cluster's kubelet has another root, as the comment in the file foresees.
    String manifests =
        cluster
            .admin("kustomize", DEPLOY)
            .replace("/var/lib/kubelet/seccomp", cluster.profileRoot().toString())
            .replace(LISTEN, LISTEN + "\n        - --libseccomp=" + LIBSECCOMP);
    assertThat(manifests).contains("--libseccomp");
    cluster.waitUntil(
        "everything is applied: a resource of a new kind takes a moment",
        () -> cluster.apply("admin", manifests).ok());
    cluster.createNamespace(NAMESPACE);
    cluster.admin(
        "rollout", "status", "-n=" + NODES, "daemonset/portcullis-node", "--timeout=110s");
  }

  @AfterAll
  static void uninstall() throws IOException {
    Cluster cluster = REAL.get();
    cluster.removeNamespaces(NAMESPACE);
    cluster.admin("delete", "-k", DEPLOY, "--wait=false", "--ignore-not-found");
    cluster.removePods(NODES);
  }

  /// @param denied the system calls that fail with EROFS
  private static String profile(String... denied) {
    return """
    {"defaultAction": "SCMP_ACT_ALLOW",
     "syscalls": [{"names": ["%s"], "action": "SCMP_ACT_ERRNO", "errnoRet": 30}]}\
    """
        .formatted(String.join("\", \"", denied));
  }

  private void configMap(String name, String key, String content) throws IOException {
    cluster.apply(manifest(name, key, content));
  }

  private static String manifest(String name, String key, String content) {
    return """
    apiVersion: v1
    kind: ConfigMap
    metadata:
      namespace: %s
      name: %s
      labels: {portcullis.dev/seccomp-profiles: "true"}
      annotations: {portcullis.dev/profile-directory: team}
    data:
      %s: |
    %s
    """
        .formatted(PROFILES, name, key, content.indent(4));
  }

  private Path file(String path) {
    return cluster.profileRoot().resolve(path);
  }

  private void awaitFile(String path, String part) throws IOException {
    cluster.waitUntil(
        path + " has " + part,
        () -> Files.exists(file(path)) && Files.readString(file(path)).contains(part));
  }

  private void pod(String name, String profile) throws IOException {
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {namespace: %s, name: %s}
        spec:
          terminationGracePeriodSeconds: 0
          securityContext:
            seccompProfile: {type: Localhost, localhostProfile: "%s"}
          containers:
          - name: main
            image: "%s"
            command: [sh, -c, "mkdir /tmp/x; echo tried; sleep 1000"]
            securityContext: {allowPrivilegeEscalation: false}
        """
            .formatted(NAMESPACE, name, profile, cluster.busybox()));
  }

  private String log(String pod) throws IOException {
    assertThat(cluster.seccomp(NAMESPACE, pod, "main"))
        .isEqualTo(new SeccompState(SeccompState.Mode.FILTER, 1));
    cluster.waitUntil(
        "the container has tried",
        () -> cluster.admin("logs", "-n=" + NAMESPACE, pod).contains("tried"));
    return cluster.admin("logs", "-n=" + NAMESPACE, pod);
  }

  private String status(String path) throws IOException {
    return cluster.admin("get", "nodeprofiles", "node", "-o=jsonpath={.status." + path + "}");
  }

  @Test
  void aProfileLivesAsLongAsItIsNeeded() throws IOException {
    configMap("web", "web.json", profile("mkdir", "mkdirat"));
    pod("first", "team/web.json");
    assertThat(log("first")).contains("Read-only file system");
    assertThat(file("team/web.json")).content().contains("mkdirat");

    configMap("web", "web.json", profile("chroot"));
    awaitFile("team/web.json", "chroot");
    pod("second", "team/web.json");
    assertThat(log("second")).doesNotContain("Read-only file system");

    configMap("web", "web.json", profile("chroot").replace("ERRNO", "ERNO"));
    cluster.waitUntil(
        "the node tells of the bad one",
        () -> status("problems[*].message").contains("SCMP_ACT_ERNO"));
    assertThat(status("problems[*].subject"))
        .contains("ConfigMap portcullis-profiles/web, key web.json");
    assertThat(file("team/web.json")).content().contains("chroot", "SCMP_ACT_ERRNO");
    assertThat(status("profiles[?(@.name=='localhost/team/web.json')].source"))
        .isEqualTo("ConfigMap portcullis-profiles/web, key web.json");
    System.out.println("e2e: " + cluster.admin("get", "nodeprofiles"));
    System.out.println("e2e: " + cluster.admin("get", "nodeprofiles", "node", "-o=yaml"));
    assertThat(status("runtime.name")).isEqualTo("containerd");
    assertThat(status("runtime.version")).isNotEmpty();
    assertThat(status("libseccomp")).isEqualTo(LIBSECCOMP);

    cluster.admin("delete", "configmap", "-n=" + PROFILES, "web");
    cluster.admin("delete", "pod", "-n=" + NAMESPACE, "first");
    cluster.waitUntil(
        "Portcullis has thought of removing it",
        () ->
            cluster
                .admin("logs", "-n=" + NODES, "daemonset/portcullis-node")
                .contains("profile is not removed yet"));
    assertThat(file("team/web.json")).exists();
    cluster.admin("delete", "pod", "-n=" + NAMESPACE, "second");
    cluster.waitUntil("it is removed", () -> !Files.exists(file("team/web.json")));
    cluster.waitUntil(
        "the node tells",
        () ->
            !status("problems[*].subject").contains("web.json")
                && !status("profiles[*].name").contains("web.json"));
  }

  /// However long its file has waited, and so however rarely the node asks by itself.
  @Test
  void aProfileGoesSoonAfterTheLastPodThatNamesIt() throws IOException {
    // An API server that has just started knows no rights, and refuses what it will grant.
    long before = watchFailures();
    List<String> names = List.of("first-out", "second-out", "third-out");
    for (String name : names) {
      configMap(name, name + ".json", profile("chroot"));
      awaitFile("team/" + name + ".json", "chroot");
      pod(name, "team/" + name + ".json");
    }
    for (String name : names) {
      assertThat(log(name)).contains("tried");
      cluster.admin("delete", "configmap", "-n=" + PROFILES, name);
    }
    cluster.waitUntil(
        "the node waits",
        () -> nodeLog().filter(line -> line.contains("is not removed yet")).count() >= 3);
    // By now it asks every half minute or so.
    LockSupport.parkNanos(Duration.ofSeconds(30).toNanos());
    for (String name : names) {
      assertThat(file("team/" + name + ".json")).exists();
      cluster.admin("delete", "pod", "-n=" + NAMESPACE, name);
      cluster.waitUntil(
          name + " is removed",
          Duration.ofSeconds(8),
          () -> !Files.exists(file("team/" + name + ".json")));
    }
    assertThat(watchFailures()).isEqualTo(before);
  }

  private long watchFailures() throws IOException {
    return nodeLog().filter(line -> line.contains("cannot watch")).count();
  }

  private Stream<String> nodeLog() throws IOException {
    return cluster.admin("logs", "-n=" + NODES, "daemonset/portcullis-node").lines();
  }

  @Test
  void theNodeTellsOfTheAdministratorsFilesToo() throws IOException {
    Files.createDirectories(file("team"));
    Files.writeString(file("team/own.json"), profile("chroot"));
    configMap("collision", "own.json", profile("mkdir"));
    cluster.waitUntil(
        "the node tells of the collision",
        () -> status("problems[*].message").contains("was not written by Portcullis"));
    assertThat(file("team/own.json")).content().contains("chroot");
    assertThat(status("profiles[?(@.name=='localhost/team/own.json')].sha256")).hasSize(64);
    assertThat(
            cluster.admin(
                "get",
                "nodeprofiles",
                "-l=kubernetes.io/hostname=node",
                "-o=jsonpath={.items[*].metadata.ownerReferences[*].kind}"))
        .isEqualTo("Node");
    cluster.admin("delete", "configmap", "-n=" + PROFILES, "collision");
    cluster.waitUntil(
        "it is no problem any more",
        () -> !status("problems[*].subject").contains("team/own.json"));
    assertThat(file("team/own.json")).exists();
    Files.delete(file("team/own.json"));
  }

  @Test
  void anApiServerThatIsAwayTakesNothingAway() throws IOException {
    configMap("lasting", "lasting.json", profile("mkdir"));
    awaitFile("team/lasting.json", "mkdir");
    cluster.restartApiServer();
    assertThat(file("team/lasting.json")).exists();
    configMap("lasting", "lasting.json", profile("chroot"));
    awaitFile("team/lasting.json", "chroot");
    assertThat(file("team/lasting.json")).exists();
    cluster.admin("delete", "configmap", "-n=" + PROFILES, "lasting");
    cluster.waitUntil("it is removed", () -> !Files.exists(file("team/lasting.json")));
  }

  @Test
  void theWebhooksOwnProfileIsDistributedAsAnyOther() throws IOException {
    String profiles = Path.of("deploy/profiles").toAbsolutePath().normalize().toString();
    cluster.admin("apply", "-k", profiles);
    awaitFile("portcullis/webhook.json", "SCMP_ACT");
    assertThat(file("portcullis/webhook.json"))
        .hasSameTextualContentAs(Path.of("deploy/profiles/portcullis-webhook.json"));
    cluster.admin("delete", "-k", profiles);
    cluster.waitUntil("it is removed", () -> !Files.exists(file("portcullis/webhook.json")));
  }

  @Test
  void theWebhookKnowsWhatNodesHave() throws Exception {
    Installation.into(cluster);
    try {
      whoAppliesAPodIsWarnedOfWhatNoNodeHas();
      whoTightensNeedsNoGrant();
      noConfigMapTakesThePlaceOfAnAdministratorsBase();
    } finally {
      cluster.admin("delete", "seccomppolicies", "--all");
      Installation.outOf(cluster);
    }
  }

  private void whoTightensNeedsNoGrant() throws IOException, CriException {
    cluster.apply(
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: SeccompPolicy
        metadata: {name: tighten}
        spec:
          allowedProfiles: [runtime/default]
          stricterThan: [localhost/team/base.json]
        """);
    configMap("base", "base.json", profile("mkdir", "mkdirat"));
    configMap("mine", "mine.json", profile("mkdir", "mkdirat", "swapoff"));
    configMap("loose", "loose.json", profile("swapoff"));
    awaitFile("team/mine.json", "swapoff");
    awaitFile("team/loose.json", "swapoff");
    cluster.waitUntil("a profile that is no weaker is allowed", () -> tried("team/mine.json").ok());
    String refused = tried("team/loose.json").err();
    System.out.println("e2e: " + refused);
    assertThat(refused)
        .contains("denied the request", "it is weaker than localhost/team/base.json", "mkdir");
    for (String context :
        List.of(
            "{}",
            "{\"allowPrivilegeEscalation\":false,\"capabilities\":{\"add\":[\"SYS_ADMIN\"]}}")) {
      String escalating = tried("team/mine.json", context).err();
      System.out.println("e2e: " + escalating);
      assertThat(escalating)
          .contains("denied the request", "no proof is possible for the profile of container");
    }
    pod("tight", "team/mine.json");
    assertThat(log("tight")).contains("Read-only file system");
    String record =
        cluster.admin(
            "get",
            "pod",
            "-n=" + NAMESPACE,
            "tight",
            "-o=jsonpath={.metadata.annotations.portcullis\\.dev/proven}");
    System.out.println("e2e: " + record);
    assertThat(record).contains("localhost/team/mine.json", "localhost/team/base.json", "sha256");

    Result weaker = cluster.apply("admin", manifest("mine", "mine.json", profile("swapoff")));
    System.out.println("e2e: " + weaker.err());
    assertThat(weaker.err())
        .contains("key mine.json: pod " + NAMESPACE + "/tight was admitted", "mkdir");
    Result stripped =
        cluster.kubectl(
            "admin", "annotate", "pod", "-n=" + NAMESPACE, "tight", "portcullis.dev/proven-");
    assertThat(stripped.err()).contains("only Portcullis may write how a pod was admitted");
    Result broken = cluster.apply("admin", manifest("other", "other.json", "{"));
    assertThat(broken.ok()).isTrue();
    assertThat(broken.err())
        .contains("Warning: ConfigMap portcullis-profiles/other, key other.json");
    configMap("mine", "mine.json", profile("mkdir", "mkdirat", "swapoff", "swapon"));
    awaitFile("team/mine.json", "swapon");
    cluster.admin("delete", "pod", "-n=" + NAMESPACE, "tight");
    configMap("mine", "mine.json", profile("swapoff"));
    cluster.admin("delete", "configmap", "-n=" + PROFILES, "base", "mine", "loose", "other");
  }

  private void noConfigMapTakesThePlaceOfAnAdministratorsBase() throws IOException {
    String anything = "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}";
    cluster.apply(
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: SeccompPolicy
        metadata: {name: tighten}
        spec: {allowedProfiles: [runtime/default], stricterThan: [localhost/team/given.json]}
        """);
    Files.writeString(file("team/given.json"), profile("mkdir", "mkdirat"));
    configMap("given", "given.json", anything);
    configMap("free", "free.json", anything);
    awaitFile("team/free.json", "ALLOW");
    cluster.waitUntil(
        "the node has told of the administrator's file, which is not as the ConfigMap says",
        () -> tried("team/free.json").err().contains("another content of localhost/team/given"));
    String refused = tried("team/free.json").err();
    System.out.println("e2e: " + refused);
    assertThat(refused).contains("denied the request", "kubectl get nodeprofiles node");
    assertThat(file("team/given.json")).content().contains("mkdir");
    // Where both say the same, the base counts again, and the profile is what it is.
    configMap("given", "given.json", profile("mkdir", "mkdirat"));
    Files.delete(file("team/given.json"));
    awaitFile("team/given.json", "mkdir");
    cluster.waitUntil(
        "the base is that of the ConfigMap",
        () -> tried("team/free.json").err().contains("it is weaker than localhost/team/given"));
    cluster.admin("delete", "configmap", "-n=" + PROFILES, "given", "free");
  }

  private void whoAppliesAPodIsWarnedOfWhatNoNodeHas() throws IOException {
    cluster.apply(
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: SeccompPolicy
        metadata: {name: files}
        spec: {allowedProfiles: ["localhost/*"]}
        """);
    configMap("known", "known.json", profile("mkdir"));
    cluster.waitUntil(
        "the node has told of it",
        () -> status("profiles[*].name").contains("localhost/team/known.json"));
    cluster.waitUntil(
        "who names another is warned", () -> warned("nowhere.json").contains("none of the 1"));
    System.out.println("e2e: " + warned("nowhere.json"));
    cluster.waitUntil(
        "who names this one is not", () -> !warned("team/known.json").contains("Warning"));
    cluster.admin("delete", "configmap", "-n=" + PROFILES, "known");
    cluster.admin("delete", "seccomppolicy", "files");
  }

  /// What kubectl says, and that the pod would be made.
  private String warned(String profile) throws IOException {
    Result result = tried(profile);
    assertThat(result.ok()).as(result.err()).isTrue();
    return result.err();
  }

  /// A pod under a profile, made in a dry run.
  private Result tried(String profile) throws IOException {
    return tried(profile, "{\"allowPrivilegeEscalation\":false}");
  }

  private Result tried(String profile, String context) throws IOException {
    return cluster.tryPod(
        "admin",
        NAMESPACE,
        """
        {"metadata": {"name": "probe"}, "spec": {
          "securityContext": {"seccompProfile": {"type": "Localhost", "localhostProfile": "%s"}},
          "containers": [{"name": "probe", "image": "x", "securityContext": %s}]}}
        """
            .formatted(profile, context),
        "{.metadata.name}");
  }

  /// A figure for people, no limit: the machine may have other work.
  @Test
  void howLongAChangeTakes() throws IOException {
    List<Long> took = new ArrayList<>();
    configMap("timed", "timed.json", profile("mkdir"));
    awaitFile("team/timed.json", "mkdir");
    for (int i = 0; i < 20; i++) {
      String part = i % 2 == 0 ? "chroot" : "mkdir";
      Result patched =
          cluster.kubectl(
              "admin",
              "patch",
              "configmap",
              "-n=" + PROFILES,
              "timed",
              "--type=merge",
              "-p={\"data\":{\"timed.json\":\""
                  + profile(part).replace("\"", "\\\"").replace("\n", "")
                  + "\"}}");
      long answered = System.nanoTime();
      assertThat(patched.ok()).as(patched.err()).isTrue();
      // Closer than the cluster's own waiting, which looks ten times a second.
      for (int n = 0;
          n < 30_000 && !Files.readString(file("team/timed.json")).contains(part);
          n++) {
        LockSupport.parkNanos(1_000_000);
      }
      awaitFile("team/timed.json", part);
      took.add((System.nanoTime() - answered) / 1_000_000);
    }
    Collections.sort(took);
    System.out.println(
        "e2e: from kubectl's answer to the file on disk: median "
            + took.get(took.size() / 2)
            + " ms, most "
            + took.getLast()
            + " ms");
    cluster.admin("delete", "configmap", "-n=" + PROFILES, "timed");
  }
}
