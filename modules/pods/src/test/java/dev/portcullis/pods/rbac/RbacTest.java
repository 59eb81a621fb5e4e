package dev.portcullis.pods.rbac;

import static dev.portcullis.pods.Manifests.kinds;
import static dev.portcullis.pods.Manifests.objects;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.object.KubernetesObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RbacTest {
  private static final String API = "apiVersion: rbac.authorization.k8s.io/v1\n";
  private static final Rbac.Resource EXPLORERS =
      new Rbac.Resource("portcullis.dev", "seccomppolicies", "explorers");
  private static final User ALICE = User.requesting("alice", List.of("developers"));

  private static Rbac rbac(String... documents) {
    RbacReader reader = new RbacReader("default");
    for (KubernetesObject object : objects(String.join("---\n", documents))) {
      assertThat(RbacReader.isRbac(object)).isTrue();
      assertThat(kinds(reader.add(object))).isEmpty();
    }
    return reader.rbac();
  }

  private static String clusterRole(String name, String more) {
    return API + "kind: ClusterRole\nmetadata: {name: " + name + "}\n" + more + "\n";
  }

  private static String use(String resourceNames) {
    return "rules: [{verbs: [use], apiGroups: [portcullis.dev], resources: [seccomppolicies]"
        + resourceNames
        + "}]";
  }

  private static String clusterBinding(String role, String subjects) {
    return API
        + "kind: ClusterRoleBinding\nmetadata: {name: b}\nroleRef: {kind: ClusterRole, name: "
        + role
        + "}\nsubjects: ["
        + subjects
        + "]\n";
  }

  private static String binding(String namespace, String kind, String role, String subjects) {
    return API
        + "kind: RoleBinding\nmetadata: {name: b, namespace: "
        + namespace
        + "}\nroleRef: {kind: "
        + kind
        + ", name: "
        + role
        + "}\nsubjects: ["
        + subjects
        + "]\n";
  }

  private static boolean alice(Rbac rbac, String namespace) {
    return rbac.allows(ALICE, "use", EXPLORERS, namespace);
  }

  @Test
  void nothingIsGrantedByNothing() {
    assertThat(alice(rbac(clusterRole("r", use(""))), "default")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{kind: User, name: alice}|true",
        "{kind: User, name: Alice}|false",
        "{kind: Group, name: developers}|true",
        "{kind: Group, name: 'system:authenticated'}|true",
        "{kind: Group, name: alice}|false",
        "{kind: ServiceAccount, name: alice, namespace: default}|false",
      })
  void subjects(String subject, boolean granted) {
    assertThat(alice(rbac(clusterRole("r", use("")), clusterBinding("r", subject)), "default"))
        .isEqualTo(granted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "verbs: [use], apiGroups: [portcullis.dev], resources: [seccomppolicies]|true",
        "verbs: ['*'], apiGroups: ['*'], resources: ['*']|true",
        "verbs: [get], apiGroups: [portcullis.dev], resources: [seccomppolicies]|false",
        "verbs: [use], apiGroups: [''], resources: [seccomppolicies]|false",
        "verbs: [use], apiGroups: [portcullis.dev], resources: [podsecuritypolicies]|false",
        "verbs: [use], apiGroups: [portcullis.dev], resources: [seccomppolicies], resourceNames:"
            + " [explorers]|true",
        "verbs: [use], apiGroups: [portcullis.dev], resources: [seccomppolicies], resourceNames:"
            + " [other]|false",
        "verbs: [use], apiGroups: [portcullis.dev], resources: [seccomppolicies], resourceNames:"
            + " ['*']|false",
      })
  void rules(String rule, boolean granted) {
    assertThat(
            alice(
                rbac(
                    clusterRole("r", "rules: [{" + rule + "}]"),
                    clusterBinding("r", "{kind: User, name: alice}")),
                "default"))
        .isEqualTo(granted);
  }

  /// Trap 46: the policy is of the cluster, the grant may be of the pod's namespace.
  @Test
  void aRoleBindingHoldsInItsNamespaceOnly() {
    Rbac rbac =
        rbac(
            clusterRole("r", use("")),
            binding("team-a", "ClusterRole", "r", "{kind: User, name: alice}"));
    assertThat(alice(rbac, "team-a")).isTrue();
    assertThat(alice(rbac, "default")).isFalse();
  }

  @Test
  void aRoleOfTheSameNameElsewhereIsAnother() {
    String role = API + "kind: Role\nmetadata: {name: r, namespace: team-b}\n" + use("") + "\n";
    Rbac rbac = rbac(role, binding("team-a", "Role", "r", "{kind: User, name: alice}"));
    assertThat(alice(rbac, "team-a")).isFalse();
    assertThat(rbac.dangling()).singleElement().asString().contains("Role team-a/r is not");
  }

  /// Trap 45: a pod's service account is not in system:authenticated.
  @Test
  void serviceAccounts() {
    User account = User.serviceAccount("team-a", "web");
    for (String subject :
        List.of(
            "{kind: ServiceAccount, name: web, namespace: team-a}",
            "{kind: User, name: 'system:serviceaccount:team-a:web'}",
            "{kind: Group, name: 'system:serviceaccounts'}",
            "{kind: Group, name: 'system:serviceaccounts:team-a'}")) {
      assertThat(
              rbac(clusterRole("r", use("")), clusterBinding("r", subject))
                  .allows(account, "use", EXPLORERS, "team-a"))
          .as(subject)
          .isTrue();
    }
    assertThat(
            rbac(
                    clusterRole("r", use("")),
                    clusterBinding("r", "{kind: Group, name: 'system:authenticated'}"))
                .allows(account, "use", EXPLORERS, "team-a"))
        .isFalse();
  }

  @Test
  void aSubjectWithoutANamespaceIsOfTheBindings() {
    Rbac rbac =
        rbac(
            clusterRole("r", use("")),
            binding("team-a", "ClusterRole", "r", "{kind: ServiceAccount, name: web}"));
    assertThat(rbac.allows(User.serviceAccount("team-a", "web"), "use", EXPLORERS, "team-a"))
        .isTrue();
    assertThat(rbac.allows(User.serviceAccount("team-b", "web"), "use", EXPLORERS, "team-a"))
        .isFalse();
  }

  @Test
  void aServiceAccountThatAsksForItselfHasItsGroups() {
    assertThat(User.requesting("system:serviceaccount:a:b", List.of()).groups())
        .containsExactlyInAnyOrder(
            "system:serviceaccounts", "system:serviceaccounts:a", "system:authenticated");
    assertThat(User.requesting("system:anonymous", List.of()).groups())
        .containsExactly("system:unauthenticated");
  }

  @Test
  void rolesThatGatherOthers() {
    Rbac rbac =
        rbac(
            API
                + "kind: ClusterRole\nmetadata: {name: part, labels: {tier: seccomp}}\n"
                + use("")
                + "\n",
            clusterRole(
                "whole",
                "aggregationRule: {clusterRoleSelectors: [{matchExpressions:"
                    + " [{key: tier, operator: In, values: [seccomp]}]}]}"),
            clusterBinding("whole", "{kind: User, name: alice}"));
    assertThat(alice(rbac, "default")).isTrue();
  }

  @Test
  void theRolesThatEveryClusterHas() {
    String part =
        API
            + "kind: ClusterRole\nmetadata: {name: part, labels:"
            + " {rbac.authorization.k8s.io/aggregate-to-edit: 'true'}}\n"
            + use("")
            + "\n";
    String subject = "{kind: User, name: alice}";
    assertThat(alice(rbac(part, clusterBinding("admin", subject)), "default")).isTrue();
    assertThat(alice(rbac(part, clusterBinding("edit", subject)), "default")).isTrue();
    assertThat(alice(rbac(part, clusterBinding("view", subject)), "default")).isFalse();
    assertThat(alice(rbac(clusterBinding("cluster-admin", subject)), "default")).isTrue();
  }

  @Test
  void mastersMayEverything() {
    assertThat(
            rbac()
                .allows(
                    User.requesting("root", List.of("system:masters")),
                    "use",
                    EXPLORERS,
                    "default"))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind: ClusterRoleBinding\\nmetadata: {name: b}|REQUIRED roleRef",
        "kind: ClusterRoleBinding\\nmetadata: {name: b}\\nroleRef: {kind: Role, name: r}|NOT_SUPPORTED roleRef.kind",
        "kind: RoleBinding\\nmetadata: {name: b}\\nroleRef: {kind: Rolle, name: r}|NOT_SUPPORTED roleRef.kind",
        "kind: RoleBinding\\nmetadata: {}\\nroleRef: {kind: Role, name: r}|REQUIRED metadata.name",
        "kind: RoleBinding\\nmetadata: {name: b}\\nroleRef: {kind: Role, name: r}\\nsubjects:"
            + " [{kind: Usr, name: a}]|NOT_SUPPORTED subjects[0].kind",
        "kind: Role\\nmetadata: {name: r}\\nrules: [{verbs: use}]|TYPE_INVALID rules[0].verbs",
      })
  void whatIsWrongGrantsNothingAndIsNamed(String yaml, String error) {
    RbacReader reader = new RbacReader("default");
    List<FieldError> errors = new ArrayList<>();
    for (KubernetesObject object : objects(API + yaml.replace("\\n", "\n"))) {
      errors.addAll(reader.add(object));
    }
    assertThat(kinds(errors)).containsExactly(error);
  }
}
