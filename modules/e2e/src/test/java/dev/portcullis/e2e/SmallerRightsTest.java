package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.e2e.cluster.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the overlay `kubernetes-1.30` forbids, on an API server, to accounts with the rights that
/// `deploy/` gives. That what is left is enough, `DeployedWebhookTest` and `DeployNodesTest` show.
@Tag(ClusterLane.TAG)
class SmallerRightsTest {
  @RegisterExtension
  static final RealCluster REAL =
      RealCluster.ofApiServer().requiring(30, "ValidatingAdmissionPolicies");

  private static final Path DEPLOY = Path.of("deploy").toAbsolutePath().normalize();
  private static final String OVERLAY =
      DEPLOY.resolve("webhook/overlays/kubernetes-1.30").toString();
  private static final String NODES = DEPLOY.resolve("nodes").toString();
  private static final String NS = "smaller-rights";

  private static final String WEBHOOK = "system:serviceaccount:portcullis:portcullis-webhook";
  private static final String NODE = "system:serviceaccount:portcullis-nodes:portcullis-node";

  @BeforeAll
  static void install() throws IOException {
    Cluster cluster = REAL.get();
    cluster.admin("apply", "-k", NODES);
    cluster.admin("apply", "-k", OVERLAY);
    cluster.createNamespace(NS);
    // The owner of a namespace, and somebody who may change all.
    cluster.admin("create", "role", "owner", "-n=" + NS, "--verb=*", "--resource=*.*,*");
    cluster.admin("create", "rolebinding", "owner", "-n=" + NS, "--role=owner", "--user=alice");
    cluster.admin("create", "clusterrole", NS, "--verb=get,patch", "--resource=namespaces");
    cluster.admin("create", "clusterrolebinding", NS, "--clusterrole=" + NS, "--user=bob");
    cluster.waitUntil(
        "all three policies refuse",
        () ->
            !webhook("validating", labelled("tried", "1")).ok()
                && !node("worker-1", "worker-2").ok()
                && !mode("alice", "off").ok());
  }

  @AfterAll
  static void leave() throws IOException {
    Cluster cluster = REAL.get();
    cluster.admin("delete", "clusterrolebinding", NS);
    cluster.admin("delete", "clusterrole", NS);
    cluster.admin("delete", "-k", OVERLAY, "--wait=false", "--ignore-not-found");
    cluster.admin("delete", "-k", NODES, "--wait=false", "--ignore-not-found");
    cluster.removeNamespaces(NS);
  }

  private static Result as(String user, String... words) throws IOException {
    return REAL.get()
        .kubectl(
            "admin",
            Stream.concat(Arrays.stream(words), Stream.of("--as=" + user, "--dry-run=server"))
                .toArray(String[]::new));
  }

  /// What the webhook's account asks for one of its configurations.
  private static Result webhook(String kind, String steps) throws IOException {
    return as(
        WEBHOOK,
        "patch",
        kind + "webhookconfiguration",
        "portcullis",
        "--type=json",
        "--patch=[" + steps + "]");
  }

  private static String step(String op, String path, String value) {
    return "{\"op\": \"%s\", \"path\": \"%s\", \"value\": %s}".formatted(op, path, value);
  }

  private static String labelled(String key, String value) {
    return step("add", "/metadata/labels/" + key, "\"" + value + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mutating", "validating"})
  void theWebhookWritesItsAuthority(String kind) throws IOException {
    Result written =
        webhook(
            kind,
            step("test", "/webhooks/0/name", "\"" + kind.replace("ing", "e") + ".portcullis.dev\"")
                + ","
                + step("add", "/webhooks/0/clientConfig/caBundle", "\"" + bundle() + "\""));
    assertThat(written.err()).doesNotContain("denied");
    assertThat(written.ok()).as(written.err()).isTrue();
  }

  /// Any certificate: the API server looks into it.
  private static String bundle() throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(REAL.get().authority()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replace /webhooks/0/failurePolicy \"Ignore\"",
        "replace /webhooks/0/rules/0/resources [\"*\"]",
        "replace /webhooks/0/rules/0/apiGroups [\"*\"]",
        "replace /webhooks/0/timeoutSeconds 30",
        "replace /webhooks/0/clientConfig/service/name \"other\"",
        "replace /webhooks/0/clientConfig/service/port 8443",
        "replace /webhooks/0/clientConfig {\"url\":\"https://attacker.example/\"}",
        "remove /webhooks/0/namespaceSelector 0",
        "add /webhooks/0/objectSelector {\"matchLabels\":{\"a\":\"b\"}}",
        "add /webhooks/0/matchConditions [{\"name\":\"never\",\"expression\":\"false\"}]",
        "replace /webhooks []",
        "remove /webhooks/0 0",
        "add /metadata/finalizers [\"example.org/kept\"]",
        "add /metadata/annotations/a \"b\"",
        "add /metadata/labels/tried \"1\""
      })
  void andNothingElse(String change) throws IOException {
    String[] words = change.split(" ", 3);
    for (String kind : List.of("mutating", "validating")) {
      Result refused = webhook(kind, step(words[0], words[1], words[2]));
      assertThat(refused.err())
          .as(kind + ": " + change)
          .contains(
              "'portcullis-webhook-account'",
              "the webhook changes caBundle and nothing else in its configurations");
    }
  }

  /// What a node says of itself, or of another.
  private static Result node(String itself, String of) throws IOException {
    return node(List.of("--as-user-extra=authentication.kubernetes.io/node-name=" + itself), of);
  }

  private static Result node(List<String> token, String of) throws IOException {
    Path file = Files.createTempFile("node-profiles", ".yaml");
    try {
      Files.writeString(
          file,
          """
          apiVersion: portcullis.dev/v1alpha1
          kind: NodeProfiles
          metadata: {name: %s}
          status: {profileCount: 0}
          """
              .formatted(of));
      return as(
          NODE,
          Stream.concat(
                  Stream.of("apply", "--server-side", "--field-manager=portcullis", "-f=" + file),
                  token.stream())
              .toArray(String[]::new));
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void aNodeSpeaksForItself() throws IOException {
    assertThat(node("worker-1", "worker-1").err()).doesNotContain("denied").isEmpty();
    String message = "a node writes what it has itself, by the token of its own pod";
    assertThat(node("worker-1", "worker-2").err()).contains(message);
    // A token that is bound to no pod names no node.
    assertThat(node(List.of(), "worker-1").err()).contains(message);
    assertThat(
            node(
                    List.of(
                        "--as-user-extra=authentication.kubernetes.io/node-name=worker-1",
                        "--as-user-extra=authentication.kubernetes.io/node-name=worker-2"),
                    "worker-2")
                .err())
        .contains(message);
  }

  /// The node of the policy is that of the token, as the API server made it.
  @Test
  void theTokenOfAPodNamesItsNode() throws IOException {
    Cluster cluster = REAL.get();
    cluster.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {namespace: portcullis-nodes, name: bound}
        spec:
          serviceAccountName: portcullis-node
          nodeName: worker-1
          containers: [{name: node, image: x}]
        """);
    String token =
        cluster
            .admin(
                "create",
                "token",
                "portcullis-node",
                "-n=portcullis-nodes",
                "--bound-object-kind=Pod",
                "--bound-object-name=bound")
            .strip();
    cluster.admin("delete", "pod", "bound", "-n=portcullis-nodes", "--force", "--wait=false");
    String claims = new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), UTF_8);
    assertThat(claims).contains("\"node\":{\"name\":\"worker-1\"");
  }

  private static Result mode(String user, String value) throws IOException {
    return REAL.get()
        .tryChange(
            user,
            "/api/v1/namespaces/" + NS,
            "{\"metadata\": {\"labels\": {\"portcullis.dev/mode\": %s}}}"
                .formatted(value.equals("null") ? value : "\"" + value + "\""));
  }

  @Test
  void theOwnerOfANamespaceDoesNotSwitchItOff() throws IOException {
    Cluster cluster = REAL.get();
    String message = "is written by those who may update or patch all namespaces";
    assertThat(mode("alice", "off").err()).contains(message);
    assertThat(mode("alice", "").err()).contains(message);
    // What brings the labels along.
    for (String subresource : List.of("status", "finalize")) {
      assertThat(
              cluster
                  .tryChange(
                      "alice",
                      "/api/v1/namespaces/" + NS + "/" + subresource,
                      "{\"metadata\": {\"labels\": {\"portcullis.dev/mode\": \"off\"}}}")
                  .ok())
          .as(subresource)
          .isFalse();
    }
    // Another label is the owner's.
    assertThat(
            cluster
                .tryChange(
                    "alice",
                    "/api/v1/namespaces/" + NS,
                    "{\"metadata\": {\"labels\": {\"team\": \"shop\"}}}")
                .err())
        .isEmpty();
    assertThat(mode("bob", "off").err()).isEmpty();
    assertThat(mode("admin", "off").err()).isEmpty();
    cluster.admin("label", "namespace", NS, "portcullis.dev/mode=warn");
    try {
      assertThat(mode("alice", "null").err()).contains(message);
      assertThat(mode("alice", "warn").err()).isEmpty();
    } finally {
      cluster.admin("label", "namespace", NS, "portcullis.dev/mode-");
    }
  }
}
