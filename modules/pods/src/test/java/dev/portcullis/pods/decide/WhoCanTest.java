package dev.portcullis.pods.decide;

import static dev.portcullis.pods.Manifests.objects;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.Manifests;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.Grant;
import dev.portcullis.pods.rbac.Rbac;
import dev.portcullis.pods.rbac.RbacReader;
import dev.portcullis.pods.rbac.User;
import java.util.ArrayList;
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
  private static final ProfileName MINE = new ProfileName.Localhost("mine");
  private static final Policy TIGHTEN =
      new Policy(Policy.Kind.SECCOMP_POLICY, "one", List.of(), List.of(X), null);
  private static final Strictness UNKNOWN = Strictness.unknown("nobody knows");

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

  private static WhoCan use(ProfileName profile, String namespace, Policy... policies) {
    return WhoCan.use(
        profile, namespace, ProfileName.RUNTIME_DEFAULT, List.of(policies), rbac(), UNKNOWN);
  }

  private static WhoCan proving(Strictness strictness, ProfileName profile, Policy... policies) {
    return WhoCan.use(
        profile, "team", ProfileName.RUNTIME_DEFAULT, List.of(policies), rbac(), strictness);
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
    WhoCan who = use(X, "team", ONE, OLD, OTHER);
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
    assertThat(who.others()).containsExactly(new WhoCan.Other(OTHER, List.of()));
  }

  @Test
  void aRoleBindingOfAnotherNamespaceDoesNotCount() {
    assertThat(lines(use(X, "far", ONE, OLD, OTHER)))
        .contains("one: User bob by RoleBinding far/elsewhere to ClusterRole one")
        .noneMatch(line -> line.contains("team"));
  }

  @Test
  void withoutAPolicyThatAllows() {
    WhoCan who = use(ProfileName.UNCONFINED, "team", ONE, OTHER);
    assertThat(who.allowing()).isEmpty();
    assertThat(who.others()).isEmpty();
    assertThat(who.everybody()).isFalse();
  }

  @Test
  void withoutAnyPolicy() {
    assertThat(use(ProfileName.RUNTIME_DEFAULT, "team").everybody()).isTrue();
    assertThat(use(X, "team").everybody()).isFalse();
    assertThat(use(ProfileName.RUNTIME_DEFAULT, "team", ONE).everybody()).isFalse();
  }

  @Test
  void theClustersDefaultIsEverybodysUntilThereIsAPolicy() {
    for (ProfileName profile : List.of(X, ProfileName.RUNTIME_DEFAULT)) {
      assertThat(WhoCan.use(profile, "team", X, List.of(), rbac(), UNKNOWN).everybody()).isTrue();
      assertThat(WhoCan.use(profile, "team", X, List.of(TIGHTEN), rbac(), UNKNOWN).everybody())
          .isFalse();
    }
    assertThat(WhoCan.use(MINE, "team", X, List.of(), rbac(), UNKNOWN).everybody()).isFalse();
  }

  @Test
  void whatIsProvenIsAllowedToThoseWhoMayUseThePolicy() {
    WhoCan who = proving((_, _) -> new Strictness.NoWeaker("c0ffee", "ba5e"), MINE, TIGHTEN, OTHER);
    assertThat(lines(who))
        .containsExactly(
            "one: Group explorers by ClusterRoleBinding one to ClusterRole one",
            "one: User ann by ClusterRoleBinding one to ClusterRole one",
            "one: User root by ClusterRoleBinding every to ClusterRole every",
            "one: Group system:masters");
    assertThat(who.allowing().getFirst().proven())
        .isEqualTo(new StrictnessEvidence(X, "c0ffee", "ba5e"));
    assertThat(who.others()).isEmpty();
  }

  @Test
  void whatIsNotProvenIsAllowedToNobodyAndSaysWhy() {
    WhoCan weaker = proving((_, _) -> new Strictness.Weaker("ptrace"), MINE, TIGHTEN, OLD);
    assertThat(weaker.allowing()).extracting(WhoCan.Allowing::policy).containsExactly(OLD);
    assertThat(weaker.others())
        .containsExactly(
            new WhoCan.Other(
                TIGHTEN, List.of("it is weaker than localhost/x (SeccompPolicy \"one\"): ptrace")));
    assertThat(proving(UNKNOWN, MINE, TIGHTEN).others().getFirst().unproven())
        .containsExactly(
            "it is not proven to be no weaker than localhost/x (SeccompPolicy \"one\"): nobody"
                + " knows");
  }

  @Test
  void nothingIsProvenWhereNoProofIsNeededOrHelps() {
    Strictness never =
        (of, than) -> {
          throw new AssertionError(of + " " + than);
        };
    assertThat(proving(never, X, TIGHTEN).allowing().getFirst().proven()).isNull();
    assertThat(proving(never, MINE, OLD).allowing()).hasSize(1);
    assertThat(proving(never, ProfileName.UNCONFINED, TIGHTEN).allowing()).isEmpty();
  }

  /// The two directions of the question have one answer.
  @Test
  void whoIsListedMayAndWhoIsNotMayNot() {
    List<Grant.Named> somebodies =
        List.of(
            new Grant.Named("User", null, "ann"),
            new Grant.Named("User", null, "bob"),
            new Grant.Named("User", null, "eve"),
            new Grant.Named("User", null, "root"),
            new Grant.Named("User", null, "nobody"),
            new Grant.Named("Group", null, "explorers"),
            new Grant.Named("Group", null, "lost"),
            new Grant.Named("Group", null, "system:masters"),
            new Grant.Named("Group", null, "system:authenticated"),
            new Grant.Named("ServiceAccount", "team", "web"),
            new Grant.Named("ServiceAccount", "far", "web"));
    Strictness strictness =
        (of, _) ->
            of.equals(MINE)
                ? new Strictness.NoWeaker("c0ffee", "ba5e")
                : new Strictness.Weaker("ptrace");
    List<String> may = new ArrayList<>();
    for (Policy policy : List.of(ONE, OLD, TIGHTEN)) {
      for (String namespace : List.of("team", "far", "default")) {
        for (ProfileName profile : List.of(X, MINE, new ProfileName.Localhost("wider"))) {
          WhoCan who =
              WhoCan.use(
                  profile,
                  namespace,
                  ProfileName.RUNTIME_DEFAULT,
                  List.of(policy),
                  rbac(),
                  strictness);
          for (Grant.Named somebody : somebodies) {
            boolean listed =
                who.allowing().stream()
                    .flatMap(allowing -> allowing.grants().stream())
                    .anyMatch(grant -> grant.subject().equals(somebody));
            String what = somebody + " in " + namespace + " by " + policy + ": " + profile.text();
            assertThat(admitted(somebody, namespace, profile, policy, strictness))
                .as(what)
                .isEqualTo(listed);
            if (listed) {
              may.add(what);
            }
          }
        }
      }
    }
    // ONE: 4 in two namespaces and 5 in one, for X. OLD: 2 in two and 4 in one, for three profiles.
    // TIGHTEN: as ONE, for X and MINE.
    assertThat(may).hasSize(13 + 3 * 8 + 2 * 13);
  }

  private static boolean admitted(
      Grant.Named somebody,
      String namespace,
      ProfileName profile,
      Policy policy,
      Strictness strictness) {
    PolicyScope rules =
        new PolicyScope.PoliciesForUser(
            Policies.of(List.of(policy)), Grants.known(rbac()::mayUse), strictness, user(somebody));
    return new Judge(rules, ProfileName.RUNTIME_DEFAULT, namespace)
        .judge(
            Manifests.pod(
                "seccomp.security.alpha.kubernetes.io/pod: " + profile.text(),
                "serviceAccountName: unknown\n"
                    + "containers: [{name: c, securityContext: {allowPrivilegeEscalation:"
                    + " false}}]"))
        .admitted();
  }

  private static User user(Grant.Named named) {
    return switch (named.kind()) {
      case "User" -> User.requesting(named.name(), List.of());
      case "Group" -> new User("somebody", Set.of(named.name()));
      default -> User.serviceAccount(String.valueOf(named.namespace()), named.name());
    };
  }
}
