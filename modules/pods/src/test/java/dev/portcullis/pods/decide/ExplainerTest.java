package dev.portcullis.pods.decide;

import static dev.portcullis.pods.Manifests.objects;
import static dev.portcullis.pods.Manifests.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portcullis.pods.decide.Explanation.Considered;
import dev.portcullis.pods.decide.Explanation.Level;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.Grant;
import dev.portcullis.pods.rbac.Rbac;
import dev.portcullis.pods.rbac.RbacReader;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.pods.resolve.Origin;
import dev.portcullis.pods.spec.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainerTest {
  private static final ProfileName X = new ProfileName.Localhost("x");
  private static final String NAMED = "seccomp.security.alpha.kubernetes.io/pod: localhost/x";
  private static final String PLAIN = "containers: [{name: c}]";

  private static Policy policy(String name, AllowedProfile... allowed) {
    return new Policy(Policy.Kind.SECCOMP_POLICY, name, List.of(allowed), null);
  }

  /// A binding of the role `one`, of all namespaces or of one, to a subject (in YAML).
  private static Rbac bound(@Nullable String namespace, String subject) {
    RbacReader reader = new RbacReader("default");
    String binding = namespace == null ? "ClusterRoleBinding" : "RoleBinding";
    String yaml =
        """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: {name: one}
          rules: [{apiGroups: [portcullis.dev], resources: [seccomppolicies], resourceNames: [one], verbs: [use]}]
        - apiVersion: rbac.authorization.k8s.io/v1
          kind: %s
          metadata: {name: b%s}
          roleRef: {kind: ClusterRole, name: one}
          subjects: [%s]
        """
            .formatted(binding, namespace == null ? "" : ", namespace: " + namespace, subject);
    for (KubernetesObject object : objects(yaml)) {
      assertThat(reader.add(object)).isEmpty();
    }
    return reader.rbac();
  }

  private static Explanation explained(
      Pod pod, List<Policy> policies, Rbac rbac, @Nullable User user) {
    Policies all = Policies.of(policies);
    Strictness unknown = Strictness.unknown("nobody knows");
    Judge judge =
        new Judge(
            user == null
                ? new PolicyScope.PoliciesForAll(all, unknown)
                : new PolicyScope.PoliciesForUser(all, Grants.known(rbac::mayUse), unknown, user),
            ProfileName.RUNTIME_DEFAULT,
            "default");
    Judgement judgement = judge.judge(pod);
    return new Explainer(policies, rbac, user, Leniency.NONE)
        .explain(judgement, judgement.containers().getFirst());
  }

  /// The grants that are shown are those by which the policy may be used: those of the user, of his
  /// groups, of the pod's service account, and of no namesake.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ann                         | -       | {kind: User, name: ann}                                    | User ann",
        "ann                         | -       | {kind: User, name: bob}                                    |",
        "ann                         | -       | {kind: Group, name: ann}                                   |",
        "ann                         | -       | {kind: Group, name: developers}                            | Group developers",
        "ann                         | -       | {kind: User, name: developers}                             |",
        "ann                         | -       | {kind: Group, name: 'system:authenticated'}                | Group system:authenticated",
        "ann                         | -       | {kind: ServiceAccount, name: default, namespace: default}  | ServiceAccount default/default",
        "ann                         | -       | {kind: ServiceAccount, name: default, namespace: far}      |",
        "ann                         | -       | {kind: ServiceAccount, name: ann, namespace: default}      |",
        "ann                         | -       | {kind: User, name: 'system:serviceaccount:default:default'}| User system:serviceaccount:default:default",
        "ann                         | -       | {kind: Group, name: 'system:serviceaccounts'}              | Group system:serviceaccounts",
        "ann                         | -       | {kind: Group, name: 'system:serviceaccounts:far'}          |",
        "ann                         | default | {kind: ServiceAccount, name: default}                      | ServiceAccount default/default",
        "ann                         | far     | {kind: User, name: ann}                                    |",
        "system:serviceaccount:far:x | -       | {kind: ServiceAccount, name: x, namespace: far}            | ServiceAccount far/x",
      })
  void onlyTheGrantsOfThoseWhoAsk(String user, String namespace, String subject, String shown) {
    User asking =
        User.requesting(user, user.startsWith("system:") ? List.of() : List.of("developers"));
    Rbac rbac = bound(namespace.equals("-") ? null : namespace, subject);
    Policy one = policy("one", new AllowedProfile.Exactly(X));
    Explanation explanation = explained(pod(NAMED, PLAIN), List.of(one), rbac, asking);
    List<Grant> grants = explanation.policies().getFirst().grants();
    assertThat(grants)
        .extracting(grant -> grant.subject().toString())
        .isEqualTo(shown == null ? List.of() : List.of(shown));
    boolean may =
        Stream.of(asking, User.serviceAccount("default", "default"))
            .anyMatch(each -> rbac.mayUse(each, one, "default"));
    assertThat(!grants.isEmpty()).isEqualTo(may);
  }

  /// Nobody but a controller makes the pods of a workload.
  @Test
  void whoWritesAWorkloadDoesNotAskForItsPods() {
    Rbac rbac =
        bound(null, "{kind: User, name: ann}, {kind: ServiceAccount, name: w, namespace: team}");
    Pod deployment =
        pod(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: d, namespace: team}
            spec: {template: {spec: {serviceAccountName: w, containers: [{name: c}]}}}
            """);
    Explanation explanation =
        explained(deployment, List.of(policy("one")), rbac, User.requesting("ann", List.of()));
    assertThat(explanation.policies().getFirst().grants())
        .extracting(grant -> grant.subject().toString())
        .containsExactly("ServiceAccount team/w");
    assertThat(explanation.asked()).contains("replicaset-controller", "in namespace \"team\"");
  }

  @Test
  void whereEveryPolicyCountsForAllNobodyAsks() {
    Explanation explanation =
        explained(
            pod(NAMED, PLAIN),
            List.of(policy("b", new AllowedProfile.Exactly(X)), policy("a")),
            bound(null, "{kind: User, name: ann}"),
            null);
    assertThat(explanation.asked()).isEmpty();
    assertThat(explanation.policies())
        .extracting(considered -> considered.policy().name())
        .containsExactly("a", "b");
    assertThat(explanation.policies()).extracting(Considered::allows).containsExactly(false, true);
    assertThat(explanation.policies()).allMatch(considered -> considered.grants().isEmpty());
  }

  /// All places are shown, and the first that says something counts.
  @Test
  void whereAProfileCouldBeNamed() {
    Pod pod =
        pod(
            NAMED + "\ncontainer.seccomp.security.alpha.kubernetes.io/c: runtime/default",
            "securityContext: {seccompProfile: {type: Unconfined}}\n" + PLAIN);
    List<Level> levels = explained(pod, List.of(), Rbac.NONE, null).levels();
    assertThat(levels)
        .extracting(Level::origin, Level::value, Level::decides)
        .containsExactly(
            tuple(Origin.CONTAINER_FIELD, "", false),
            tuple(Origin.CONTAINER_ANNOTATION, "runtime/default", true),
            tuple(Origin.POD_FIELD, "unconfined", false),
            tuple(Origin.POD_ANNOTATION, "localhost/x", false));
  }

  /// What counts for a privileged container is whether it may run unconfined.
  @Test
  void aPrivilegedContainerIsExplainedAsUnconfined() {
    Pod pod = pod(NAMED, "containers: [{name: c, securityContext: {privileged: true}}]");
    List<Policy> policies = new ArrayList<>();
    policies.add(policy("free", new AllowedProfile.Exactly(ProfileName.UNCONFINED)));
    policies.add(policy("named", new AllowedProfile.Exactly(X)));
    Explanation explanation = explained(pod, policies, Rbac.NONE, null);
    assertThat(explanation.unfiltered()).startsWith("is privileged, so it runs unconfined");
    assertThat(explanation.policies()).extracting(Considered::allows).containsExactly(true, false);
  }
}
