package dev.portcullis.pods.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.YamlWriter;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NewGrantTest {
  private static final List<Subject> ALL =
      List.of(
          Subject.user("alice"),
          Subject.group("web-developers"),
          Subject.serviceAccount("shop", "web"));

  private static Policy policy(Policy.Kind kind, String name) {
    return new Policy(kind, name, List.of(new AllowedProfile.Any()), null);
  }

  private static NewGrant grant(@Nullable String namespace, Subject... subjects) {
    return new NewGrant(Policy.Kind.SECCOMP_POLICY, "web", List.of(subjects), namespace);
  }

  private static Rbac read(List<KubernetesObject> objects) {
    RbacReader reader = new RbacReader("elsewhere");
    for (KubernetesObject object : objects) {
      assertThat(RbacReader.isRbac(object)).isTrue();
      assertThat(reader.add(object)).isEmpty();
    }
    assertThat(reader.rbac().dangling()).isEmpty();
    return reader.rbac();
  }

  private static String name(KubernetesObject object) {
    return object.label().replaceAll("^.* \"|\"$", "");
  }

  @Test
  void theVerbUseForThePodsOfANamespace() {
    NewGrant grant = grant("shop", ALL.toArray(Subject[]::new));
    Rbac rbac = read(grant.objects());
    for (User user :
        List.of(
            User.requesting("alice", List.of()),
            User.requesting("x", List.of("web-developers")),
            User.serviceAccount("shop", "web"))) {
      Policy web = policy(Policy.Kind.SECCOMP_POLICY, "web");
      assertThat(rbac.mayUse(user, web, "shop")).isTrue();
      assertThat(rbac.mayUse(user, web, "other")).isFalse();
      assertThat(rbac.mayUse(user, policy(Policy.Kind.SECCOMP_POLICY, "web2"), "shop")).isFalse();
      assertThat(rbac.mayUse(user, policy(Policy.Kind.POD_SECURITY_POLICY, "web"), "shop"))
          .isFalse();
      assertThat(read(grant(null, ALL.toArray(Subject[]::new)).objects()).mayUse(user, web, "any"))
          .isTrue();
    }
    assertThat(
            rbac.mayUse(
                User.requesting("bob", List.of()),
                policy(Policy.Kind.SECCOMP_POLICY, "web"),
                "shop"))
        .isFalse();
  }

  @Test
  void asYaml() {
    assertThat(
            grant("shop", Subject.user("alice")).objects().stream()
                .map(object -> YamlWriter.write(object.manifest()))
                .toList())
        .containsExactly(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: use-seccomp-policy-web
            rules:
            - apiGroups:
              - portcullis.dev
              resources:
              - seccomppolicies
              resourceNames:
              - web
              verbs:
              - use
            """,
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata:
              name: use-seccomp-policy-web:user:alice
              namespace: shop
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: ClusterRole
              name: use-seccomp-policy-web
            subjects:
            - apiGroup: rbac.authorization.k8s.io
              kind: User
              name: alice
            """);
  }

  @Test
  void aPodSecurityPolicyIsGrantedInBothOfItsGroups() {
    Rbac rbac =
        read(
            new NewGrant(
                    Policy.Kind.POD_SECURITY_POLICY, "web", List.of(Subject.user("alice")), null)
                .objects());
    User alice = User.requesting("alice", List.of());
    for (String group : List.of("policy", "extensions")) {
      assertThat(
              rbac.allows(alice, "use", new Rbac.Resource(group, "podsecuritypolicies", "web"), ""))
          .isTrue();
    }
    assertThat(rbac.mayUse(alice, policy(Policy.Kind.SECCOMP_POLICY, "web"), "shop")).isFalse();
  }

  @Test
  void everybodyIsWhoeverHasShownWhoTheyAre() {
    Rbac rbac = read(grant(null, Subject.EVERYBODY.toArray(Subject[]::new)).objects());
    Policy web = policy(Policy.Kind.SECCOMP_POLICY, "web");
    assertThat(rbac.mayUse(User.requesting("anyone", List.of()), web, "any")).isTrue();
    assertThat(rbac.mayUse(User.requesting("system:anonymous", List.of()), web, "any")).isFalse();
    // A pod's account is asked for without system:authenticated.
    assertThat(rbac.mayUse(User.serviceAccount("any", "default"), web, "any")).isTrue();
  }

  /// Applied one after another, two grants are both there: no object of one is an object of the
  /// other, but for the role, which is the same.
  @Test
  void grantsOfOthersStay() {
    List<KubernetesObject> alice = grant("shop", Subject.user("alice")).objects();
    List<KubernetesObject> bob = grant("shop", Subject.user("bob")).objects();
    assertThat(bob.getFirst()).isEqualTo(alice.getFirst());
    assertThat(name(bob.getLast())).isNotEqualTo(name(alice.getLast()));
    assertThat(grant("shop", Subject.user("bob"), Subject.user("bob")).objects()).isEqualTo(bob);
  }

  /// Names that RBAC takes (no `/`, no `%`), and as many as there are subjects.
  @Test
  void everySubjectHasABindingOfItsOwn() {
    List<Subject> subjects =
        List.of(
            Subject.user("a/b"),
            Subject.user("a=2fb"),
            Subject.user("a%b"),
            Subject.user("a b"),
            Subject.user("\u00e4"),
            Subject.user("shop:web"),
            Subject.group("shop:web"),
            Subject.serviceAccount("shop", "web"),
            Subject.user("A"),
            Subject.user("a"));
    Set<String> names = new HashSet<>();
    for (KubernetesObject object : grant(null, subjects.toArray(Subject[]::new)).bindings()) {
      assertThat(name(object)).matches("[-A-Za-z0-9_.:@=]+");
      names.add(name(object));
    }
    assertThat(names).hasSameSizeAs(subjects).contains("use-seccomp-policy-web:user:a=2fb");
  }
}
