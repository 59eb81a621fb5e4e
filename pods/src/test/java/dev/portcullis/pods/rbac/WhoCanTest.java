package dev.portcullis.pods.rbac;

import static dev.portcullis.pods.Manifests.objects;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WhoCanTest {
  private static final ProfileName X = new ProfileName.Localhost("x");
  private static final Policy ONE =
      new Policy(Policy.Kind.SECCOMP_POLICY, "one", List.of(new AllowedProfile.Exactly(X)), X);
  private static final Policy OLD =
      new Policy(Policy.Kind.POD_SECURITY_POLICY, "old", List.of(new AllowedProfile.Any()), null);
  private static final Policy OTHER = new Policy(Policy.Kind.SECCOMP_POLICY, "other", List.of(), X);
  private static final List<Policy> POLICIES = List.of(ONE, OLD, OTHER);

  private static final String RBAC =
      """
      apiVersion: v1
      kind: List
      items:
      - kind: ClusterRole
        metadata: {name: one}
        rules: [{apiGroups: [portcullis.dev], resources: [seccomppolicies], resourceNames: [one], verbs: [use]}]
      - kind: ClusterRole
        metadata: {name: every}
        rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]
      - kind: ClusterRole
        metadata: {name: old, labels: {tier: x}}
        rules:
        - {apiGroups: [policy], resources: [podsecuritypolicies], verbs: [use]}
        - {apiGroups: [extensions], resources: [podsecuritypolicies], verbs: [use]}
      - kind: ClusterRole
        metadata: {name: gathers}
        aggregationRule: {clusterRoleSelectors: [{matchLabels: {tier: x}}]}
      - kind: Role
        metadata: {name: reader, namespace: team}
        rules: [{apiGroups: [portcullis.dev], resources: [seccomppolicies], verbs: [get]}]
      - kind: ClusterRoleBinding
        metadata: {name: one}
        roleRef: {kind: ClusterRole, name: one}
        subjects: [{kind: User, name: ann}, {kind: Group, name: explorers}]
      - kind: ClusterRoleBinding
        metadata: {name: every}
        roleRef: {kind: ClusterRole, name: every}
        subjects: [{kind: User, name: root}]
      - kind: RoleBinding
        metadata: {name: old, namespace: team}
        roleRef: {kind: ClusterRole, name: gathers}
        subjects: [{kind: ServiceAccount, name: web}, {kind: User, name: ann}]
      - kind: RoleBinding
        metadata: {name: elsewhere, namespace: far}
        roleRef: {kind: ClusterRole, name: one}
        subjects: [{kind: User, name: bob}]
      - kind: RoleBinding
        metadata: {name: reader, namespace: team}
        roleRef: {kind: Role, name: reader}
        subjects: [{kind: User, name: eve}]
      - kind: ClusterRoleBinding
        metadata: {name: lost}
        roleRef: {kind: ClusterRole, name: gone}
        subjects: [{kind: Group, name: lost}]
      """;

  private static Rbac rbac() {
    RbacReader reader = new RbacReader("default");
    for (KubernetesObject object :
        objects(RBAC.replace("- kind: ", "- apiVersion: rbac.authorization.k8s.io/v1\n  kind: "))) {
      assertThat(reader.add(object)).isEmpty();
    }
    return reader.rbac();
  }

  private static List<String> lines(WhoCan who) {
    return who.allowing().stream()
        .flatMap(allowing ->
            allowing.grants().stream()
                .map(grant ->
                    allowing.policy().name()
                        + ": "
                        + grant.subject()
                        + (grant.binding() == null
                            ? ""
                            : " by " + grant.binding() + " to " + grant.role())))
        .toList();
  }

  @Test
  void everyWayIsListedOnce() {
    WhoCan who = WhoCan.use(X, "team", POLICIES, rbac());
    assertThat(who.everybody()).isFalse();
    assertThat(lines(who))
        .containsExactly(
            "old: ServiceAccount team/web by RoleBinding team/old to ClusterRole gathers",
            "old: User ann by RoleBinding team/old to ClusterRole gathers",
            "old: User root by ClusterRoleBinding every to ClusterRole every",
            "old: Group system:masters",
            "one: Group explorers by ClusterRoleBinding one to ClusterRole one",
            "one: User ann by ClusterRoleBinding one to ClusterRole one",
            "one: User root by ClusterRoleBinding every to ClusterRole every",
            "one: Group system:masters");
    assertThat(who.onlyDefault()).containsExactly(OTHER);
  }

  @Test
  void aRoleBindingOfAnotherNamespaceDoesNotCount() {
    assertThat(lines(WhoCan.use(X, "far", POLICIES, rbac())))
        .contains("one: User bob by RoleBinding far/elsewhere to ClusterRole one")
        .noneMatch(line -> line.contains("team"));
  }

  @Test
  void withoutAPolicyThatAllows() {
    WhoCan who = WhoCan.use(ProfileName.UNCONFINED, "team", List.of(ONE, OTHER), rbac());
    assertThat(who.allowing()).isEmpty();
    assertThat(who.onlyDefault()).isEmpty();
    assertThat(who.everybody()).isFalse();
  }

  @Test
  void withoutAnyPolicy() {
    assertThat(WhoCan.use(ProfileName.RUNTIME_DEFAULT, "team", List.of(), rbac()).everybody())
        .isTrue();
    assertThat(WhoCan.use(X, "team", List.of(), rbac()).everybody()).isFalse();
    assertThat(WhoCan.use(ProfileName.RUNTIME_DEFAULT, "team", List.of(ONE), rbac()).everybody())
        .isFalse();
  }

  /// The two directions of the question have one answer.
  @Test
  void whoIsListedMayAndWhoIsNotMayNot() {
    Rbac rbac = rbac();
    Set<WhoCan.Named> everybody = new HashSet<>();
    for (Binding binding : rbac.bindings()) {
      for (Binding.Subject subject : binding.subjects()) {
        everybody.add(
            new WhoCan.Named(
                subject.kind().text(),
                subject.kind() == Binding.Subject.Kind.SERVICE_ACCOUNT ? subject.namespace() : null,
                subject.name()));
      }
    }
    everybody.add(new WhoCan.Named("Group", null, "system:masters"));
    everybody.add(new WhoCan.Named("Group", null, "system:authenticated"));
    everybody.add(new WhoCan.Named("User", null, "nobody"));
    everybody.add(new WhoCan.Named("ServiceAccount", "far", "web"));
    int may = 0;
    for (String namespace : List.of("team", "far", "default")) {
      for (WhoCan.Allowing allowing : WhoCan.use(X, namespace, POLICIES, rbac).allowing()) {
        Set<WhoCan.Named> listed = new HashSet<>();
        allowing.grants().forEach(grant -> listed.add(grant.subject()));
        may += listed.size();
        for (WhoCan.Named somebody : everybody) {
          assertThat(rbac.mayUse(user(somebody), allowing.policy(), namespace))
              .as("%s in %s by %s", somebody, namespace, allowing.policy().name())
              .isEqualTo(listed.contains(somebody));
        }
      }
    }
    assertThat(may).isEqualTo(21);
  }

  private static User user(WhoCan.Named named) {
    return switch (named.kind()) {
      case "User" -> User.requesting(named.name(), List.of());
      case "Group" -> new User("somebody", Set.of(named.name()));
      default -> User.serviceAccount(String.valueOf(named.namespace()), named.name());
    };
  }
}
