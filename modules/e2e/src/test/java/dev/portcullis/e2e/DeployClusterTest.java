package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.e2e.cluster.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What stands in deploy/, in a cluster that has it, while no replica runs: after every test it is
/// removed, and nothing may be left.
@Tag(ClusterLane.TAG)
class DeployClusterTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.with();

  private static final String WEBHOOK = "--as=system:serviceaccount:portcullis:portcullis-webhook";

  private static final Pattern CAN_I =
      Pattern.compile(
          "(?<verb>[a-z]+) (?<resource>[a-z]+)(\\.(?<group>[a-z0-9.]+))?(/(?<name>[a-z-]+))?"
              + "( --subresource=(?<subresource>[a-z]+))?( -n=(?<namespace>[a-z-]+))?");

  private final Cluster cluster = REAL.get();
  private final String manifests = Installation.manifests(cluster);
  private List<String> before = List.of();

  @BeforeEach
  void install() throws IOException {
    Installation.labelSystemNamespace(cluster);
    Installation.awaitGone(cluster, manifests);
    before = ClusterContent.settled(cluster);
    cluster.admin("apply", "-k", manifests);
    cluster.admin("scale", "-n=portcullis", "deployment/portcullis-webhook", "--replicas=0");
  }

  @AfterEach
  void uninstall() throws IOException {
    cluster.admin("delete", "-k", manifests, "--wait=false", "--ignore-not-found");
    cluster.removePods("portcullis");
    cluster.waitUntil("nothing is left", () -> ClusterContent.of(cluster).equals(before));
    Installation.unlabelSystemNamespace(cluster);
  }

  private String caBundle(String kind) throws IOException {
    return cluster.admin(
        "get", kind, "portcullis", "-o=jsonpath={.webhooks[0].clientConfig.caBundle}");
  }

  /// By its own account, as the webhook does it.
  @Test
  void aSecondApplyKeepsWhatTheWebhookWrote() throws IOException {
    List<String> kinds = List.of("mutatingwebhookconfiguration", "validatingwebhookconfiguration");
    // The server takes only certificates; any will do.
    String certificate =
        Base64.getEncoder()
            .encodeToString(
                cluster
                    .admin(
                        "get",
                        "configmap",
                        "-n=kube-system",
                        "extension-apiserver-authentication",
                        "-o=jsonpath={.data.client-ca-file}")
                    .getBytes(UTF_8));
    for (String kind : kinds) {
      cluster.admin(
          WEBHOOK,
          "patch",
          kind,
          "portcullis",
          "--type=json",
          "-p=[{\"op\":\"add\",\"path\":\"/webhooks/0/clientConfig/caBundle\",\"value\":\"%s\"}]"
              .formatted(certificate));
    }
    cluster.admin(
        WEBHOOK,
        "patch",
        "-n=portcullis",
        "secret",
        "portcullis-webhook-tls",
        "-p={\"data\":{\"tls.crt\":\"%s\"}}".formatted(certificate));

    cluster.admin("apply", "-k", manifests);

    for (String kind : kinds) {
      assertThat(caBundle(kind)).as(kind).isEqualTo(certificate);
    }
    assertThat(
            cluster.admin(
                "get",
                "-n=portcullis",
                "secret",
                "portcullis-webhook-tls",
                "-o=jsonpath={.data.tls\\.crt}"))
        .isEqualTo(certificate);
  }

  /// kubectl sends the selector of this kind each time, as it has the patch strategy `replace` in
  /// policy/v1, which 1.21 has first; what is stored does not change.
  private static final String SENT_AGAIN =
      "poddisruptionbudget.policy/portcullis-webhook configured";

  /// In each line kubectl says what it did with an object.
  @Test
  void aSecondApplyChangesNothing() throws IOException {
    String nodes = Path.of("deploy/nodes").toAbsolutePath().normalize().toString();
    cluster.admin("apply", "-k", manifests);
    cluster.admin("apply", "-k", nodes);
    try {
      for (String directory : List.of(manifests, nodes)) {
        assertThat(cluster.admin("apply", "-k", directory).lines())
            .hasSizeGreaterThan(9)
            .allMatch(line ->
                line.endsWith(" unchanged") || (!cluster.before(21) && line.equals(SENT_AGAIN)));
      }
    } finally {
      cluster.admin("delete", "-k", nodes, "--ignore-not-found");
    }
  }

  /// Those who may view a cluster see its policies; who may view a namespace does not.
  @Test
  void whoMaySeePolicies() throws IOException {
    cluster.admin("create", "clusterrolebinding", "views-all", "--clusterrole=view", "--user=vi");
    cluster.admin(
        "create", "rolebinding", "-n=default", "views", "--clusterrole=view", "--user=na");
    try {
      String list =
          "{\"verb\": \"list\", \"resource\": \"seccomppolicies\", \"group\": \"portcullis.dev\"}";
      cluster.waitUntil(
          "the role is gathered",
          () -> cluster.allows("vi", List.of("system:authenticated"), list));
      assertThat(cluster.allows("na", List.of("system:authenticated"), list)).isFalse();
      assertThat(
              cluster.allows("vi", List.of("system:authenticated"), list.replace("list", "create")))
          .isFalse();
    } finally {
      cluster.admin("delete", "clusterrolebinding", "views-all");
      cluster.admin("delete", "rolebinding", "-n=default", "views");
    }
  }

  @Test
  void withoutAReplicaPodsWaitEverywhereButInTheNamespacesLeftOut() throws IOException {
    cluster.createNamespace("outage");
    cluster.createNamespace("outage-off");
    try {
      cluster.admin("label", "namespace", "outage-off", "portcullis.dev/mode=off");
      cluster.waitUntil("the webhooks are called", () -> !tryPod("outage").ok());
      assertThat(tryPod("outage").err())
          .contains("failed calling webhook", "mutate.portcullis.dev");
      for (String namespace : List.of("outage-off", "portcullis", "kube-system")) {
        assertThat(tryPod(namespace).err()).as(namespace).isEmpty();
      }
      // A workload may be written; its pods come when somebody serves.
      assertThat(
              cluster
                  .kubectl("admin", "create", "deployment", "-n=outage", "web", "--image=web")
                  .ok())
          .isTrue();
    } finally {
      cluster.removeNamespaces("outage", "outage-off");
    }
  }

  /// One that newer servers take in our namespace too, where they enforce the level "restricted".
  private Result tryPod(String namespace) throws IOException {
    return cluster.tryPod(
        "admin",
        namespace,
        """
        {"metadata": {"name": "tried"}, "spec": {
          "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
          "containers": [{"name": "tried", "image": "x", "securityContext":
            {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}}
        """,
        "{.metadata.name}");
  }

  @Test
  void theWebhookMayDoNoMoreThanItMust() throws IOException {
    for (String may :
        List.of(
            "list seccomppolicies.portcullis.dev",
            "patch seccomppolicies.portcullis.dev --subresource=status",
            "create subjectaccessreviews.authorization.k8s.io",
            "watch namespaces",
            "update secrets/portcullis-webhook-tls -n=portcullis",
            "watch mutatingwebhookconfigurations.admissionregistration.k8s.io/portcullis",
            "list validatingwebhookconfigurations.admissionregistration.k8s.io/portcullis",
            "patch mutatingwebhookconfigurations.admissionregistration.k8s.io/portcullis",
            "patch validatingwebhookconfigurations.admissionregistration.k8s.io/portcullis")) {
      assertThat(canI(may)).as(may).isTrue();
    }
    assertThat(canI("watch podsecuritypolicies.policy")).isTrue();
    // To whom an ephemeral container is added, old servers do not send.
    assertThat(canI("get pods -n=default")).isEqualTo(cluster.before(21));
    for (String mayNot :
        List.of(
            "create seccomppolicies.portcullis.dev",
            "patch seccomppolicies.portcullis.dev",
            "use seccomppolicies.portcullis.dev",
            "list pods -n=default",
            "create pods -n=portcullis",
            "get secrets -n=portcullis",
            "get secrets/portcullis-webhook-tls -n=default",
            "get secrets -n=kube-system",
            "patch mutatingwebhookconfigurations.admissionregistration.k8s.io/other",
            "watch mutatingwebhookconfigurations.admissionregistration.k8s.io",
            "create mutatingwebhookconfigurations.admissionregistration.k8s.io",
            "delete mutatingwebhookconfigurations.admissionregistration.k8s.io/portcullis",
            "update namespaces",
            "get nodes")) {
      assertThat(canI(mayNot)).as(mayNot).isFalse();
    }
  }

  /// @param what a verb, the plural of a resource with its group and perhaps an object's name, and
  ///   options as kubectl has them
  private boolean canI(String what) throws IOException {
    Matcher words = CAN_I.matcher(what);
    assertThat(words.matches()).as(what).isTrue();
    return cluster.allows(
        "system:serviceaccount:portcullis:portcullis-webhook",
        List.of(
            "system:authenticated", "system:serviceaccounts", "system:serviceaccounts:portcullis"),
        """
        {"verb": "%s", "resource": "%s", "group": "%s", "name": "%s", "subresource": "%s",
         "namespace": "%s"}
        """
            .formatted(
                Stream.of("verb", "resource", "group", "name", "subresource", "namespace")
                    .map(name -> Objects.requireNonNullElse(words.group(name), ""))
                    .toArray()));
  }

  @Test
  void theServerRefusesAnEntryThatNamesNoProfile() throws IOException {
    cluster.waitUntil(
        "the kind is served", () -> cluster.kubectl("admin", "get", "seccomppolicies").ok());
    Result good = policy("allowedProfiles: [runtime/default, localhost/a/*]");
    assertThat(good.err()).isEmpty();
    assertThat(cluster.admin("get", "scp", "p"))
        .contains("NAME", "ALLOWED", "DEFAULT", "INVALID", "AGE")
        .contains("[\"runtime/default\",\"localhost/a/*\"]");
    assertThat(policy("allowedProfiles: [runtime/default, localhost/../etc]").err())
        .contains("spec.allowedProfiles", "localhost/../etc", "should match");
    assertThat(policy("allowedProfiles: [runtime/default, runtime/default]").err())
        .contains("spec.allowedProfiles[1]", "Duplicate value");
    assertThat(policy("defaultProfile: localhost/").err()).contains("spec.defaultProfile");
    assertThat(policy("stricterThan: ['*']").err()).contains("spec.stricterThan");
    // That one is kubectl's refusal, by the schema that the server publishes some seconds later.
    cluster.waitUntil(
        "kubectl knows the schema",
        () -> cluster.kubectl("admin", "explain", "seccomppolicies.spec.allowedProfiles").ok());
    assertThat(policy("alowedProfiles: [unconfined]").err()).contains("alowedProfiles");
  }

  private Result policy(String spec) throws IOException {
    return cluster.apply(
        "admin",
        """
        apiVersion: portcullis.dev/v1alpha1
        kind: SeccompPolicy
        metadata: {name: p}
        spec: {%s}
        """
            .formatted(spec));
  }
}
