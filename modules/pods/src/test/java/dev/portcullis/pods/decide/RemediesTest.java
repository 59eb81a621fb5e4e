package dev.portcullis.pods.decide;

import static dev.portcullis.pods.Manifests.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.Manifests;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.NewPolicy;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.policy.PolicyReader;
import dev.portcullis.pods.rbac.NewGrant;
import dev.portcullis.pods.rbac.RbacReader;
import dev.portcullis.pods.rbac.Subject;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.pods.spec.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemediesTest {
  private static final ProfileName A = new ProfileName.Localhost("a");
  private static final ProfileName B = new ProfileName.Localhost("far/other.json");
  private static final ProfileName DEFAULT = ProfileName.RUNTIME_DEFAULT;
  private static final Policy BASE = policy("base", DEFAULT);
  private static final Policy ANYTHING =
      new Policy(Policy.Kind.SECCOMP_POLICY, "anything", List.of(new AllowedProfile.Any()), null);

  private static Policy policy(String name, ProfileName... allowed) {
    return new Policy(Policy.Kind.SECCOMP_POLICY, name, entries(allowed), null);
  }

  private static List<AllowedProfile> entries(ProfileName... allowed) {
    return Stream.of(allowed).<AllowedProfile>map(AllowedProfile.Exactly::new).toList();
  }

  /// For a user who may use the policy `base` of these, and no other.
  private static Judgement judge(User user, Pod pod, Policy... policies) {
    return new Judge(
            new PolicyScope.PoliciesForUser(
                Policies.of(List.of(policies)),
                Grants.known((_, policy, _) -> policy.name().equals("base")),
                Strictness.unknown("nothing is known here"),
                user),
            DEFAULT,
            "shop")
        .judge(pod);
  }

  private static List<String> help(User user, Pod pod, Policy... policies) {
    Judgement judgement = judge(user, pod, policies);
    assertThat(judgement.admitted()).isFalse();
    return judgement.remedies().stream().map(remedy -> remedy.text("p")).toList();
  }

  private static List<String> help(Pod pod, Policy... policies) {
    return help(User.requesting("alice", List.of()), pod, policies);
  }

  private static Pod naming(String profile) {
    return pod("seccomp.security.alpha.kubernetes.io/pod: " + profile, "containers: [{name: c}]");
  }

  private static final String USE_DEFAULT = "name runtime/default, which may be used already";

  private static String run(String... commands) {
    return "an administrator can run: "
        + String.join(
            " && ",
            Stream.of(commands)
                .map(each ->
                    "p policy "
                        + each
                        + (each.startsWith("create")
                            ? " | kubectl create -f -"
                            : " | kubectl apply -f -"))
                .toList());
  }

  @Test
  void aPolicyThatAllowsJustThisIsGranted() {
    assertThat(help(naming("localhost/a"), BASE, ANYTHING, policy("theirs", A)))
        .containsExactly(USE_DEFAULT, run("grant theirs --to user:alice -n shop"));
    // What may be used already is no more.
    assertThat(help(naming("localhost/a"), BASE, policy("theirs", DEFAULT, A)))
        .containsExactly(USE_DEFAULT, run("grant theirs --to user:alice -n shop"));
    // Its use would be that of all that a PodSecurityPolicy allows.
    assertThat(
            help(
                naming("localhost/a"),
                BASE,
                new Policy(Policy.Kind.POD_SECURITY_POLICY, "psp", entries(A), null)))
        .last()
        .asString()
        .contains("policy create a --allow localhost/a")
        .doesNotContain("psp");
  }

  private static Policy strict(String name) {
    return new Policy(Policy.Kind.SECCOMP_POLICY, name, entries(A), List.of(B), null);
  }

  private static Policy withDefault(String name, ProfileName defaultProfile) {
    return new Policy(Policy.Kind.SECCOMP_POLICY, name, entries(A, defaultProfile), defaultProfile);
  }

  /// A policy that would allow more is not suggested, however near it is.
  @Test
  void elseOneIsMadeThatAllowsJustThis() {
    Policy directory =
        new Policy(Policy.Kind.SECCOMP_POLICY, "all", List.of(new AllowedProfile.Below("")), null);
    for (Policy wider : List.of(ANYTHING, directory, policy("two", A, B), strict("tighten"))) {
      assertThat(help(naming("localhost/a"), BASE, wider))
          .as(wider.name())
          .containsExactly(
              USE_DEFAULT, run("create a --allow localhost/a", "grant a --to user:alice -n shop"));
    }
    assertThat(help(naming("localhost/a"), BASE)).last().asString().contains("policy create a ");
  }

  /// The default of another policy could be that of pods that name nothing.
  @Test
  void aGrantDoesNotChangeADefault() {
    assertThat(help(naming("localhost/a"), BASE, withDefault("theirs", DEFAULT)))
        .last()
        .isEqualTo(run("grant theirs --to user:alice -n shop"));
    Policy base = new Policy(Policy.Kind.SECCOMP_POLICY, "base", entries(DEFAULT, B), B);
    assertThat(help(naming("localhost/a"), base, withDefault("theirs", DEFAULT)))
        .last()
        .asString()
        .contains("policy create a ");
  }

  @Test
  void aNameThatIsTakenIsNotTakenAgain() {
    assertThat(help(naming("localhost/a"), BASE, policy("a", B), policy("a-2", B)))
        .last()
        .isEqualTo(run("create a-3 --allow localhost/a", "grant a-3 --to user:alice -n shop"));
  }

  /// Both in one policy, so that one grant is enough.
  @Test
  void allThatWasRefusedIsAllowedTogether() {
    Pod pod =
        pod(
            "container.seccomp.security.alpha.kubernetes.io/c: localhost/team/Web Server.json",
            "containers: [{name: c}, {name: d, securityContext: {privileged: true}}]");
    assertThat(help(pod, BASE))
        .containsExactly(
            USE_DEFAULT,
            "remove `privileged` from container \"d\"; the profile that is named may be used"
                + " already",
            run(
                "create team-web-server-and-1-more-9256fb506338 --allow 'localhost/team/Web"
                    + " Server.json' --allow unconfined",
                "grant team-web-server-and-1-more-9256fb506338 --to user:alice -n shop"));
  }

  @Test
  void thePodsOfAWorkloadNeedTheGrantOfTheirServiceAccount() {
    Pod deployment =
        pod(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: d}
            spec:
              template:
                spec:
                  serviceAccountName: web
                  securityContext: {seccompProfile: {type: Unconfined}}
                  containers: [{name: c}]
            """);
    assertThat(help(deployment, BASE))
        .last()
        .isEqualTo(
            run(
                "create unconfined --allow unconfined",
                "grant unconfined --to serviceaccount:shop/web -n shop"));
  }

  /// A controller creates the pods of all workloads: a grant to it is one to everybody.
  @Test
  void aControllerIsGrantedNothing() {
    for (String name :
        List.of("system:serviceaccount:kube-system:replicaset-controller", "system:node:n")) {
      assertThat(help(User.requesting(name, List.of()), naming("localhost/a"), BASE))
          .last()
          .asString()
          .endsWith("policy grant a --to serviceaccount:shop/default -n shop | kubectl apply -f -");
    }
  }

  /// The first policy of a cluster ends the right of everybody to the default.
  @Test
  void theFirstPolicyComesWithOneForEverybody() {
    assertThat(help(naming("localhost/everybody")))
        .containsExactly(
            USE_DEFAULT,
            run(
                "create everybody --allow runtime/default --default runtime/default",
                "grant everybody --to everybody",
                "create everybody-2 --allow localhost/everybody",
                "grant everybody-2 --to user:alice -n shop"));
  }

  @Test
  void whatWasMeantIsAmongWhatMayBeUsed() {
    Policy base = policy("base", DEFAULT, new ProfileName.Localhost("web/server.json"));
    assertThat(help(naming("localhost/web/servr.json"), base))
        .first()
        .isEqualTo("name localhost/web/server.json, which may be used already");
    assertThat(help(naming("localhost/something"), base)).first().isEqualTo(USE_DEFAULT);
    // No filter is not what somebody is told to name.
    assertThat(help(naming("localhost/a"), policy("base", ProfileName.UNCONFINED)))
        .singleElement()
        .asString()
        .startsWith("an administrator");
  }

  /// What is no line to paste, or would allow more once it is pasted.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'localhost/batch/*'",
        "'localhost/*'",
        "\"localhost/a\\nb\"",
        "\"localhost/a\\u202eb\"",
        "\"localhost/a\\e[2Jb\""
      })
  void whatCannotBeGrantedIsNotSuggested(String profile) {
    assertThat(help(naming(profile), BASE)).containsExactly(USE_DEFAULT);
  }

  @Test
  void whatAShellWouldRunIsQuoted() {
    assertThat(help(naming("localhost/$(id);'x"), BASE))
        .last()
        .asString()
        .contains(" --allow 'localhost/$(id);'\\''x' | kubectl");
    assertThat(help(User.requesting("a b", List.of()), naming("localhost/a"), BASE))
        .last()
        .asString()
        .contains(" --to 'user:a b' -n shop");
  }

  /// A grant would not help it.
  @Test
  void nothingHelpsWhatIsWrongAnyhow() {
    Pod invalid =
        pod(
            "seccomp.security.alpha.kubernetes.io/pod: localhost/a",
            "containers: [{name: c}, {name: d, securityContext: {seccompProfile: {type:"
                + " Localhost}}}]");
    assertThat(help(invalid, BASE)).isEmpty();
    Pod annotated = pod("run.oci.seccomp_bpf_data: BgAAAAAA/38=", "containers: [{name: c}]");
    assertThat(help(annotated, BASE)).isEmpty();
    Judgement undecided =
        new Judge(
                new PolicyScope.PoliciesForUser(
                    Policies.of(List.of(BASE)),
                    (_, policies, _) ->
                        new Grants.Answers(Set.of(), Set.copyOf(policies), "no answer"),
                    Strictness.unknown(""),
                    User.requesting("alice", List.of())),
                DEFAULT,
                "shop")
            .judge(naming("runtime/default"));
    assertThat(undecided.undecided()).isTrue();
    assertThat(undecided.remedies()).isEmpty();
    assertThat(
            judge(User.requesting("alice", List.of()), naming("runtime/default"), BASE).remedies())
        .isEmpty();
  }

  @Test
  void withoutAUserOnlyAPolicyIsMissing() {
    Judgement judgement =
        new Judge(
                new PolicyScope.PoliciesForAll(Policies.of(List.of(BASE)), Strictness.unknown("")),
                DEFAULT,
                "shop")
            .judge(naming("localhost/a"));
    assertThat(judgement.remedies().getLast().text("p"))
        .isEqualTo(run("create a --allow localhost/a"));
  }

  /// What an administrator is told, done: the pod is admitted, and the same pod in another
  /// namespace, or by another user, is not.
  @ParameterizedTest
  @ValueSource(strings = {"localhost/a", "unconfined", "localhost/team/x.json"})
  void whatIsSuggestedHelps(String profile) {
    for (Policy[] there :
        List.of(
            new Policy[] {BASE, ANYTHING},
            new Policy[] {BASE, policy("theirs", A)},
            new Policy[] {})) {
      Pod pod = naming(profile);
      Judgement refused = judge(User.requesting("alice", List.of()), pod, there);
      Remedy remedy = refused.remedies().getLast();
      List<KubernetesObject> objects = new ArrayList<>();
      NewGrant grant =
          switch (remedy) {
            case Remedy.GrantPolicy(var of) -> of;
            case Remedy.CreatePolicy(NewPolicy policy, NewPolicy everybody, NewGrant of) -> {
              objects.add(policy.object());
              if (everybody != null) {
                objects.add(everybody.object());
                objects.addAll(
                    new NewGrant(
                            Policy.Kind.SECCOMP_POLICY, everybody.name(), Subject.EVERYBODY, null)
                        .objects());
              }
              yield of;
            }
            case Remedy.UseAllowed _, Remedy.DropPrivileged _ -> throw new AssertionError(remedy);
          };
      assertThat(grant).isNotNull();
      objects.addAll(grant.objects());
      assertThat(admitted("alice", "shop", pod, there, objects)).isTrue();
      assertThat(admitted("bob", "shop", pod, there, objects)).isFalse();
      assertThat(admitted("alice", "other", pod, there, objects)).isFalse();
      Pod plain = Manifests.pod("", "containers: [{name: c}]");
      assertThat(admitted("bob", "other", plain, there, objects)).isEqualTo(there.length == 0);
    }
  }

  private static boolean admitted(
      String user, String namespace, Pod pod, Policy[] there, List<KubernetesObject> objects) {
    List<Policy> policies = new ArrayList<>(List.of(there));
    RbacReader rbac = new RbacReader("default");
    for (KubernetesObject object : objects) {
      if (RbacReader.isRbac(object)) {
        assertThat(rbac.add(object)).isEmpty();
      } else {
        policies.add(((PolicyReader.Usable) PolicyReader.read(object)).policy());
      }
    }
    return new Judge(
            new PolicyScope.PoliciesForUser(
                Policies.of(policies),
                Grants.known(rbac.rbac()::mayUse),
                Strictness.unknown(""),
                User.requesting(user, List.of())),
            DEFAULT,
            namespace)
        .judge(pod)
        .admitted();
  }
}
