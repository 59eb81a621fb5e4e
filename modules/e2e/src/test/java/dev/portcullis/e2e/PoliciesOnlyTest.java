package dev.portcullis.e2e;

import static dev.portcullis.cel.Worlds.group;
import static dev.portcullis.cel.Worlds.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import dev.portcullis.e2e.cluster.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Compiled policies on an API server that decides by them: what `deploy/policies-only` installs,
/// what `policy compile --cluster` reads, and what docs/without-webhook.md says of limits and of
/// what is missing.
@Tag(ClusterLane.TAG)
class PoliciesOnlyTest {
  @RegisterExtension
  static final RealCluster REAL =
      RealCluster.ofApiServer().requiring(36, "MutatingAdmissionPolicies");

  @TempDir Path work;

  private static final String NS = "policies-only";
  private static final Path DEPLOYED = Path.of("deploy/policies-only").toAbsolutePath().normalize();
  private static final String EVERYBODY =
      policy(
          "everybody",
          "{allowedProfiles: [runtime/default]}",
          group("system:authenticated") + ", " + group("system:serviceaccounts"));

  private static final String ALICE =
      "{kind: User, apiGroup: rbac.authorization.k8s.io, name: alice}";

  @BeforeAll
  static void prepare() throws IOException {
    Cluster cluster = REAL.get();
    cluster.createNamespace(NS);
    // Without controllers, the role `edit` is empty.
    cluster.admin("create", "clusterrole", NS, "--verb=create", "--resource=pods,deployments.apps");
    cluster.admin("create", "clusterrolebinding", NS, "--clusterrole=" + NS, "--user=alice");
  }

  @AfterEach
  void clean() throws IOException {
    PoliciesOnly.remove(REAL.get());
    for (String kind : new String[] {"clusterrolebindings", "clusterroles"}) {
      String names = REAL.get().admin("get", kind, "-o=name");
      for (String name : names.lines().filter(line -> line.contains("/use-")).toList()) {
        REAL.get().admin("delete", name);
      }
    }
  }

  @AfterAll
  static void leave() throws IOException {
    REAL.get().admin("delete", "clusterrolebinding", NS);
    REAL.get().admin("delete", "clusterrole", NS);
    REAL.get().removeNamespaces(NS);
  }

  /// Compiles and applies policies, with their grants. The policies themselves need not be there.
  private void install(String yaml) throws IOException {
    grant(yaml);
    PoliciesOnly.apply(REAL.get(), work, PoliciesOnly.compiled(work, yaml));
  }

  private static void grant(String yaml) throws IOException {
    REAL.get().apply(yaml.replaceAll("(?s)---\napiVersion: portcullis.dev.*?(?=---\n)", ""));
  }

  /// @param containers profiles, by the paths of their files; empty for one that names none
  private static Result tried(String annotations, String... containers) throws IOException {
    String list =
        IntStream.range(0, containers.length)
            .mapToObj(i ->
                "{\"name\": \"c%d\", \"image\": \"x\"%s}"
                    .formatted(
                        i,
                        containers[i].isEmpty()
                            ? ""
                            : ", \"securityContext\": {\"seccompProfile\": {\"type\": \"Localhost\", \"localhostProfile\": \""
                                + containers[i]
                                + "\"}}"))
            .collect(Collectors.joining(", "));
    return tried(
        "{\"metadata\": {\"name\": \"p\", \"annotations\": {%s}}, \"spec\": {\"containers\": [%s]}}"
            .formatted(annotations, list));
  }

  private static Result tried(String pod) throws IOException {
    return REAL.get().tryPod("alice", NS, pod, "{.spec.securityContext.seccompProfile.type}");
  }

  @Test
  void whatIsInDeploy() throws IOException {
    Cluster cluster = REAL.get();
    cluster.admin("apply", "-k", DEPLOYED.toString());
    PoliciesOnly.awaitInForce(cluster, NS);
    assertThat(tried("", "").out()).isEqualTo("RuntimeDefault");
    assertThat(tried("", "mine.json").err())
        .contains(
            "ValidatingAdmissionPolicy 'portcullis-pods'",
            "container \"c0\" may not run under localhost/mine.json");
    assertThat(cluster.admin("apply", "-k", DEPLOYED.toString()).lines())
        .hasSizeGreaterThan(9)
        .allMatch(line -> line.endsWith(" unchanged"));
  }

  /// With the policies in the cluster, and what was applied told from what would be.
  @Test
  void ofACluster() throws IOException {
    Cluster cluster = REAL.get();
    Path crd = Path.of("deploy/webhook/base/crd.yaml").toAbsolutePath().normalize();
    cluster.admin("apply", "-f=" + crd);
    try {
      cluster.waitUntil(
          "there are SeccompPolicies",
          () -> cluster.kubectl("admin", "get", "seccomppolicies").ok());
      String mine = policy("mine", "{allowedProfiles: [localhost/mine.json]}", ALICE);
      cluster.apply(EVERYBODY + mine);
      String[] compile = {
        "policy", "compile", "--cluster", "--kubeconfig=" + cluster.kubeconfig("admin")
      };
      Portcullis.Result compiled = Portcullis.run(compile);
      assertThat(compiled.code()).as(compiled.err()).isZero();
      assertThat(compiled.out()).isEqualTo(PoliciesOnly.compiled(work, EVERYBODY + mine));
      PoliciesOnly.apply(cluster, work, compiled.out());
      assertThat(tried("", "mine.json").err()).isEmpty();
      assertThat(tried("", "other.json").ok()).isFalse();
      Path applied =
          Files.writeString(
              work.resolve("applied.yaml"),
              cluster.admin(
                  "get",
                  "validatingadmissionpolicies,validatingadmissionpolicybindings,mutatingadmissionpolicies,mutatingadmissionpolicybindings",
                  "-l=app.kubernetes.io/managed-by=portcullis",
                  "-o=yaml"));
      assertThat(check(compile, applied).out()).startsWith("up to date: ");
      cluster.apply(policy("more", "{allowedProfiles: [localhost/more.json]}", group("nobody")));
      Portcullis.Result changed = check(compile, applied);
      assertThat(changed.code()).isEqualTo(1);
      assertThat(changed.err()).contains("portcullis-pods was compiled from something else");
    } finally {
      cluster.admin("delete", "-f=" + crd);
    }
  }

  private static Portcullis.Result check(String[] compile, Path applied) {
    return Portcullis.run(compile[0], compile[1], compile[2], compile[3], "--check=" + applied);
  }

  /// What is compiled for servers before 1.36 writes nothing into pods.
  @Test
  void theGrantsAloneForOlderServers() throws IOException {
    String yaml = EVERYBODY + policy("team", "{allowedProfiles: [localhost/team.json]}", ALICE);
    grant(yaml);
    Cluster cluster = REAL.get();
    Path file =
        Files.writeString(
            work.resolve("grants.yaml"),
            PoliciesOnly.compiled(work, yaml, "--kubernetes=1.30", "--kubelet-seccomp-default"));
    cluster.admin("apply", "--server-side", "-f=" + file);
    cluster.waitUntil(
        "portcullis-pods refuses pods",
        () ->
            PoliciesOnly.probe(cluster, NS, PoliciesOnly.OF_NOBODY)
                .err()
                .contains("'portcullis-pods'"));
    assertThat(tried("", "team.json").err()).isEmpty();
    assertThat(tried("", "other.json").err()).contains("may not run under localhost/other.json");
    String annotation =
        "\"container.seccomp.security.alpha.kubernetes.io/c0\": \"localhost/team.json\"";
    assertThat(tried(annotation, "").err()).contains("'portcullis-pods'", "seccompProfile");
    assertThat(tried(annotation, "team.json").err()).isEmpty();
    // The kubelet gives it the default, which is nobody's field here.
    Result unnamed = tried("", "");
    assertThat(unnamed.err()).isEmpty();
    assertThat(unnamed.out()).isEmpty();
    // Without that option of all kubelets it would run without a filter.
    Files.writeString(file, PoliciesOnly.compiled(work, yaml, "--kubernetes=1.30"));
    cluster.admin("apply", "--server-side", "-f=" + file);
    cluster.waitUntil(
        "what names nothing counts as unconfined",
        () -> tried("", "").err().contains("unconfined"));
  }

  /// For each pod there is room for 14 policies; the author of a pod says which is the one.
  @Test
  void theFifteenthPolicyIsNamedInThePod() throws IOException {
    StringBuilder many = new StringBuilder(EVERYBODY);
    for (int i = 10; i < 25; i++) {
      many.append(
          policy(
              "p" + i,
              "{allowedProfiles: [localhost/shared.json]}",
              i == 24 ? ALICE : group("team-" + i)));
    }
    install(many.toString());
    assertThat(tried("", "shared.json").err())
        .contains("others were not asked for: name yours in the annotation portcullis.dev/policy");
    assertThat(tried("\"portcullis.dev/policy\": \"p24\"", "shared.json").err()).isEmpty();
    // A claim by itself allows nothing.
    assertThat(tried("\"portcullis.dev/policy\": \"p10\"", "shared.json").ok()).isFalse();
  }

  @Test
  void aPodNamesEightProfiles() throws IOException {
    install(EVERYBODY + policy("any", "{allowedProfiles: ['localhost/any/*']}", ALICE));
    String[] nine =
        IntStream.range(0, 9).mapToObj(i -> "any/" + i + ".json").toArray(String[]::new);
    assertThat(tried("", Arrays.copyOf(nine, 8)).err()).isEmpty();
    assertThat(tried("", nine).err()).contains("at most 8");
  }

  /// The message has what a user needs, though an API server computes messages without the
  /// authorizer; and of an expression that fails nobody sees the text.
  @Test
  void whatUsersRead() throws IOException {
    install(EVERYBODY + policy("team", "{allowedProfiles: [localhost/team.json]}", group("team")));
    assertThat(tried("", "team.json").err())
        .contains(
            "container \"c0\" may not run under localhost/team.json: neither user \"alice\" nor"
                + " service account \"default\" in namespace \"policies-only\" may use policy"
                + " team: bind a role with the verb \"use\" on one");
    for (String containers : new String[] {"null", "[]"}) {
      assertThat(
              tried(
                      "{\"metadata\": {\"name\": \"p\"}, \"spec\": {\"containers\": %s}}"
                          .formatted(containers))
                  .err())
          .contains("spec.containers: Required value")
          .doesNotContain("variables.", "expression");
    }
  }

  @Test
  void windowsPodsCountAsUnconfined() throws IOException {
    install(EVERYBODY);
    String pod =
        """
        {"metadata": {"name": "p", "annotations": {%s}},
         "spec": {"os": {"name": "windows"}, "containers": [{"name": "c", "image": "x"}]}}
        """;
    assertThat(tried(pod.formatted("")).err()).contains("'portcullis-pods'", "unconfined");
    install(EVERYBODY + policy("free", "{allowedProfiles: [unconfined]}", ALICE));
    REAL.get().waitUntil("the new policies count", () -> tried(pod.formatted("")).ok());
    // A record that somebody forged is taken out, as by the webhook.
    assertThat(
            REAL.get()
                .tryPod(
                    "alice",
                    NS,
                    pod.formatted("\"portcullis.dev/proven\": \"x\""),
                    "{.metadata.annotations}")
                .out())
        .doesNotContain("proven");
  }

  /// In the order of the documents: nothing else refuses where a binding has no policy.
  @Test
  void aBindingWithoutItsPolicyRefusesNothing() throws IOException {
    Cluster cluster = REAL.get();
    install(EVERYBODY);
    cluster.admin("delete", "validatingadmissionpolicy", "portcullis-pods");
    cluster.waitUntil("nothing refuses the pod", () -> tried("", "any.json").ok());
    PoliciesOnly.apply(cluster, work, PoliciesOnly.compiled(work, EVERYBODY));
    assertThat(tried("", "any.json").ok()).isFalse();
    // Without what writes fields, what needs no writing passes, and nothing else.
    cluster.admin("delete", "mutatingadmissionpolicy", "portcullis-fields");
    cluster.waitUntil(
        "pods that need a default are refused",
        () ->
            tried("", "")
                .err()
                .contains("the MutatingAdmissionPolicy portcullis-fields did not run"));
    assertThat(
            tried(
                    """
                    {"metadata": {"name": "p"}, "spec":
                      {"securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
                       "containers": [{"name": "c", "image": "x"}]}}
                    """)
                .err())
        .isEmpty();
  }

  /// In CEL a controller's account has not the group of all that are authenticated.
  @Test
  void everybodyMeansServiceAccounts() throws IOException {
    String deployment =
        """
        {"metadata": {"name": "d"}, "spec": {"selector": {"matchLabels": {"a": "b"}}, "template":
          {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "c", "image": "x"}]}}}}
        """;
    String path = "/apis/apps/v1/namespaces/" + NS + "/deployments";
    install(
        policy("everybody", "{allowedProfiles: [runtime/default]}", group("system:authenticated")));
    assertThat(REAL.get().tryCreation("alice", path, deployment).err())
        .contains("'portcullis-templates'", "the replicaset-controller, which creates the pods");
    install(EVERYBODY);
    REAL.get()
        .waitUntil(
            "nobody is warned",
            () -> REAL.get().tryCreation("alice", path, deployment).err().isEmpty());
  }
}
