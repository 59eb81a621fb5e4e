package dev.portcullis.pods.convert;

import static dev.portcullis.pods.Manifests.objects;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.object.KubernetesObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyMigrationTest {
  private static final String OLD =
      """
      ---
      apiVersion: policy/v1beta1
      kind: PodSecurityPolicy
      metadata:
        name: p
        annotations: {seccomp.security.alpha.kubernetes.io/allowedProfileNames: localhost/x}
      """;

  private static final String ROLE =
      """
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: r}
      rules: [{apiGroups: [policy], resources: [podsecuritypolicies], verbs: [use], resourceNames: [p]}]
      """;

  private static String ours(String allowed) {
    return """
    ---
    apiVersion: portcullis.dev/v1alpha1
    kind: SeccompPolicy
    metadata: {name: p}
    spec: {allowedProfiles: [%s]}
    """
        .formatted(allowed);
  }

  private static PolicyMigration of(String... yaml) {
    return PolicyMigration.of(objects(String.join("", yaml)));
  }

  private static List<String> made(PolicyMigration migration) {
    assertThat(migration).isInstanceOf(PolicyMigration.Converted.class);
    return ((PolicyMigration.Converted) migration)
        .objects().stream().map(each -> each.object().kind()).toList();
  }

  @Test
  void policiesComeBeforeWhatGrantsThem() {
    assertThat(made(of(ROLE, OLD))).containsExactly("SeccompPolicy", "ClusterRole");
  }

  @Test
  void whatIsThereAlreadyIsNotMadeAgain() {
    assertThat(made(of(OLD, ROLE, ours("localhost/x")))).containsExactly("ClusterRole");
  }

  @Test
  void anotherPolicyOfTheNameIsInTheWay() {
    List<KubernetesObject> objects = objects(OLD + ROLE + ours("localhost/y"));
    assertThat(PolicyMigration.of(objects))
        .isInstanceOfSatisfying(
            PolicyMigration.Conflicting.class,
            conflicting -> {
              assertThat(conflicting.conflicts()).hasSize(1);
              PolicyMigration.Conflict conflict = conflicting.conflicts().getFirst();
              assertThat(conflict.object()).isSameAs(objects.getLast());
              assertThat(conflict.first()).isNull();
            });
  }

  @Test
  void twoRolesOfOneNameAreInEachOthersWay() {
    List<KubernetesObject> objects = objects(ROLE + OLD + ROLE);
    assertThat(PolicyMigration.of(objects))
        .isInstanceOfSatisfying(
            PolicyMigration.Conflicting.class,
            conflicting -> {
              assertThat(conflicting.conflicts()).hasSize(1);
              PolicyMigration.Conflict conflict = conflicting.conflicts().getFirst();
              assertThat(conflict.object()).isSameAs(objects.getLast());
              assertThat(conflict.first()).isSameAs(objects.getFirst());
            });
  }
}
