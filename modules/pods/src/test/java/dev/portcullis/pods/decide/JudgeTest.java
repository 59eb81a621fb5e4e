package dev.portcullis.pods.decide;

import static dev.portcullis.pods.Manifests.kinds;
import static dev.portcullis.pods.Manifests.pod;
import static dev.portcullis.pods.Manifests.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.ContainerDecision.InvalidPod;
import dev.portcullis.pods.decide.ContainerDecision.Refused;
import dev.portcullis.pods.decide.ContainerDecision.Undecided;
import dev.portcullis.pods.decide.ContainerDecision.WithProfile;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.pods.resolve.Origin;
import dev.portcullis.pods.spec.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static final ProfileName A = new ProfileName.Localhost("a");
  private static final ProfileName B = new ProfileName.Localhost("b");
  private static final User ALICE = User.requesting("alice", List.of());
  private static final Strictness NOTHING_KNOWN = Strictness.unknown("nothing is known here");

  private static Policy policy(
      String name, @Nullable ProfileName defaultProfile, ProfileName... allowed) {
    List<AllowedProfile> entries = new ArrayList<>();
    for (ProfileName profile : allowed) {
      entries.add(new AllowedProfile.Exactly(profile));
    }
    return new Policy(Policy.Kind.SECCOMP_POLICY, name, entries, defaultProfile);
  }

  private static Judgement judge(PolicyScope rules, Pod pod) {
    return new Judge(rules, ProfileName.RUNTIME_DEFAULT, "default").judge(pod);
  }

  private static Judgement all(Pod pod, Policy... policies) {
    return judge(
        new PolicyScope.PoliciesForAll(Policies.of(List.of(policies)), NOTHING_KNOWN), pod);
  }

  /// Alice, where each of these users may use each of these policies.
  private static Judgement granted(
      Pod pod, Set<String> users, Set<String> names, Policy... policies) {
    return judge(
        new PolicyScope.PoliciesForUser(
            Policies.of(List.of(policies)),
            Grants.known(
                (user, policy, _) -> users.contains(user.name()) && names.contains(policy.name())),
            NOTHING_KNOWN,
            ALICE),
        pod);
  }

  private static Pod naming(@Nullable String name) {
    return pod(
        name == null ? "" : "seccomp.security.alpha.kubernetes.io/pod: " + name,
        "containers: [{name: c}]");
  }

  private static ContainerDecision only(Judgement judgement) {
    assertThat(judgement.containers()).hasSize(1);
    return judgement.containers().getFirst();
  }

  private static Admitted admitted(Judgement judgement) {
    assertThat(judgement.admitted()).isTrue();
    return (Admitted) only(judgement);
  }

  private static ProfileName profile(Judgement judgement) {
    return ((WithProfile) only(judgement)).profile();
  }

  @Nested
  class WithoutPolicies {
    @Test
    void onlyValidityIsJudged() {
      Judgement judgement = judge(new PolicyScope.ValidityOnly(), naming("localhost/a"));
      assertThat(admitted(judgement).profile()).isEqualTo(A);
      assertThat(admitted(judgement).origin()).isEqualTo(Origin.POD_ANNOTATION);
      assertThat(admitted(judgement).ground()).isEqualTo(new Ground.ValidityOnly());
    }

    @Test
    void whatNamesNothingGetsTheDefaultOfTheCluster() {
      Admitted container = admitted(judge(new PolicyScope.ValidityOnly(), naming(null)));
      assertThat(container.profile()).isEqualTo(ProfileName.RUNTIME_DEFAULT);
      assertThat(container.origin()).isEqualTo(Origin.CLUSTER_DEFAULT);
    }

    @Test
    void anEmptyClusterAllowsTheRuntimesDefaultAndNothingElse() {
      assertThat(admitted(all(naming(null))).ground()).isEqualTo(new Ground.NoPolicies());
      assertThat(admitted(all(naming("runtime/default"))).ground())
          .isEqualTo(new Ground.NoPolicies());
      assertThat(all(naming("unconfined")).admitted()).isFalse();
      assertThat(all(naming("localhost/a")).admitted()).isFalse();
    }

    @Test
    void anEmptyClusterAllowsItsOwnDefaultNamedOrNot() {
      Judge judge =
          new Judge(new PolicyScope.PoliciesForAll(Policies.NONE, NOTHING_KNOWN), A, "default");
      assertThat(judge.judge(naming(null)).admitted()).isTrue();
      assertThat(judge.judge(naming("localhost/a")).admitted()).isTrue();
      assertThat(judge.judge(naming("localhost/b")).admitted()).isFalse();
    }
  }

  @Nested
  class WithPolicies {
    @Test
    void theFirstByNameThatAllowsItIsNamed() {
      Judgement judgement =
          all(
              naming("localhost/a"),
              policy("z", null, A),
              policy("b", null, B),
              policy("m", null, A));
      assertThat(admitted(judgement).ground()).isEqualTo(new Ground.ByPolicy("m"));
    }

    @Test
    void theDefaultOfTheFirstByNameThatHasOne() {
      Judgement judgement =
          all(naming(null), policy("a", null, A), policy("b", B, B), policy("c", A, A));
      assertThat(profile(judgement)).isEqualTo(B);
      assertThat(only(judgement).origin()).isEqualTo(Origin.POLICY_DEFAULT);
    }

    /// Trap 34: a default need not be allowed, and then it is not.
    @Test
    void aDefaultIsJudgedLikeANamedProfile() {
      Judgement judgement = all(naming(null), policy("a", A, B));
      assertThat(judgement.admitted()).isFalse();
      assertThat(only(judgement).origin()).isEqualTo(Origin.POLICY_DEFAULT);
      assertThat(only(judgement)).isInstanceOf(Refused.class);
      assertThat(kinds(judgement.reasons())).containsExactly("FORBIDDEN spec.containers[0]");
      assertThat(texts(judgement.reasons()).getFirst()).contains("the default of a policy");
    }

    /// Traps 32 and 33 do not hold here: what names nothing is judged by what it gets.
    @Test
    void namingNothingIsNamingTheDefault() {
      assertThat(all(naming(null), policy("a", null, ProfileName.RUNTIME_DEFAULT)).admitted())
          .isTrue();
      assertThat(all(naming(null), policy("a", null, A)).admitted()).isFalse();
    }

    /// Trap 36 does not hold here: a lax policy takes no default away.
    @Test
    void aLaxPolicyDoesNotTakeTheDefaultAway() {
      Policy lax =
          new Policy(Policy.Kind.SECCOMP_POLICY, "lax", List.of(new AllowedProfile.Any()), null);
      assertThat(profile(all(naming(null), lax, policy("strict", A, A)))).isEqualTo(A);
    }

    @Test
    void eachContainerByAnyPolicy() {
      Pod pod =
          pod(
              """
              container.seccomp.security.alpha.kubernetes.io/one: localhost/a
              container.seccomp.security.alpha.kubernetes.io/two: localhost/b
              """,
              "containers: [{name: one}, {name: two}]");
      Judgement judgement = all(pod, policy("one", null, A), policy("two", null, B));
      assertThat(judgement.admitted()).isTrue();
      assertThat(judgement.containers())
          .extracting(it -> ((Admitted) it).ground())
          .containsExactly(new Ground.ByPolicy("one"), new Ground.ByPolicy("two"));
    }

    /// Servers before 1.27 make the field of the annotation: its author knows of the annotation
    /// alone.
    @Test
    void anAnnotationBesideItsFieldIsNamed() {
      Pod both =
          pod(
              "seccomp.security.alpha.kubernetes.io/pod: localhost/a",
              "securityContext: {seccompProfile: {type: Localhost, localhostProfile: a}}\n"
                  + "containers: [{name: c}]");
      assertThat(texts(all(both, policy("one", null, B)).reasons()))
          .singleElement()
          .asString()
          .contains("(named by the pod's field and annotation)");
      Pod field =
          pod(
              "",
              "securityContext: {seccompProfile: {type: Localhost, localhostProfile: a}}\n"
                  + "containers: [{name: c}]");
      assertThat(texts(all(field, policy("one", null, B)).reasons()))
          .singleElement()
          .asString()
          .contains("(named by the pod's field)");
    }

    @Test
    void oneRefusedContainerRefusesThePod() {
      Pod pod =
          pod(
              "container.seccomp.security.alpha.kubernetes.io/two: unconfined",
              "containers: [{name: one}, {name: two}]");
      Judgement judgement = all(pod, policy("one", null, ProfileName.RUNTIME_DEFAULT));
      assertThat(judgement.admitted()).isFalse();
      assertThat(judgement.containers()).hasExactlyElementsOfTypes(Admitted.class, Refused.class);
    }
  }

  @Nested
  class WhatIsGranted {
    private static final String ACCOUNT = "system:serviceaccount:default:default";

    @Test
    void theUsersOrTheServiceAccounts() {
      Policy policy = policy("p", null, A);
      assertThat(granted(naming("localhost/a"), Set.of("alice"), Set.of("p"), policy).admitted())
          .isTrue();
      assertThat(granted(naming("localhost/a"), Set.of(ACCOUNT), Set.of("p"), policy).admitted())
          .isTrue();
      assertThat(granted(naming("localhost/a"), Set.of("bob"), Set.of("p"), policy).admitted())
          .isFalse();
    }

    @Test
    void aPolicyThatMayNotBeUsedGivesNoDefault() {
      Judgement judgement =
          granted(
              naming(null),
              Set.of("alice"),
              Set.of("usable"),
              policy("a", A, A),
              policy("usable", B, B));
      assertThat(profile(judgement)).isEqualTo(B);
    }

    @Test
    void oneWithoutAnyPolicyMayUseNothing() {
      Judgement judgement =
          granted(naming(null), Set.of(), Set.of(), policy("p", null, ProfileName.RUNTIME_DEFAULT));
      assertThat(judgement.admitted()).isFalse();
      assertThat(texts(judgement.reasons()).getFirst()).contains("may use no policy");
    }

    /// SEMANTICS of controllers: anyone who sends a Deployment does not create its pods.
    @Test
    void thePodsOfAWorkloadAreCreatedByItsController() {
      Pod deployment =
          pod(
              """
              apiVersion: apps/v1
              kind: Deployment
              metadata: {name: d}
              spec:
                template:
                  metadata: {annotations: {seccomp.security.alpha.kubernetes.io/pod: localhost/a}}
                  spec: {containers: [{name: c}]}
              """);
      Policy policy = policy("p", null, A);
      Judgement alices = granted(deployment, Set.of("alice"), Set.of("p"), policy);
      assertThat(alices.admitted()).isFalse();
      assertThat(texts(alices.reasons()).getFirst())
          .contains("created by the replicaset-controller, not by user \"alice\"");
      assertThat(granted(deployment, Set.of(ACCOUNT), Set.of("p"), policy).admitted()).isTrue();
    }

    /// What is granted to all authenticated users is granted to controllers.
    @Test
    void aControllerIsAnAuthenticatedUser() {
      Pod deployment =
          pod(
              """
              apiVersion: apps/v1
              kind: Deployment
              metadata: {name: d}
              spec: {template: {spec: {containers: [{name: c}]}}}
              """);
      PolicyScope rules =
          new PolicyScope.PoliciesForUser(
              Policies.of(List.of(policy("p", null, ProfileName.RUNTIME_DEFAULT))),
              Grants.known((user, _, _) -> user.groups().contains("system:authenticated")),
              NOTHING_KNOWN,
              ALICE);
      assertThat(judge(rules, deployment).admitted()).isTrue();
    }

    @Test
    void aRefusalSaysWhoAskedWhatTheyMayUseAndWhatWouldHelp() {
      Judgement judgement =
          granted(
              naming("localhost/a"),
              Set.of("alice"),
              Set.of("mine"),
              policy("mine", null, B),
              policy("theirs", null, A));
      assertThat(texts(judgement.reasons()))
          .containsExactly(
              "metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: Forbidden: container"
                  + " \"c\" may not run under localhost/a (named by the pod's annotation): user"
                  + " \"alice\" or service account \"default\" in namespace \"default\" may use"
                  + " SeccompPolicy \"mine\", which allows localhost/b; it is allowed by"
                  + " SeccompPolicy \"theirs\"");
    }

    @Test
    void aMessageStaysShortHoweverManyPoliciesThereAre() {
      Policy[] policies = new Policy[5000];
      for (int i = 0; i < policies.length; i++) {
        policies[i] = policy("p%04d".formatted(i), null, B);
      }
      assertThat(texts(all(naming("localhost/a"), policies).reasons()).getFirst())
          .hasSizeLessThan(2000)
          .contains("and 4990 more");
    }
  }

  /// Grants that cost: what is asked for, and what happens where nobody answers.
  @Nested
  class Asking {
    private final List<List<String>> asked = new ArrayList<>();

    private Judgement asking(Pod pod, Set<String> usable, Set<String> unknown, Policy... policies) {
      Grants grants =
          (_, candidates, _) -> {
            asked.add(candidates.stream().map(Policy::name).toList());
            return new Grants.Answers(
                only(candidates, usable),
                only(candidates, unknown),
                unknown.isEmpty() ? null : "the API server does not answer");
          };
      return judge(
          new PolicyScope.PoliciesForUser(
              Policies.of(List.of(policies)), grants, NOTHING_KNOWN, ALICE),
          pod);
    }

    private static Set<Policy> only(List<Policy> policies, Set<String> names) {
      return policies.stream()
          .filter(policy -> names.contains(policy.name()))
          .collect(Collectors.toSet());
    }

    private static Policy[] many(int count, ProfileName... allowed) {
      Policy[] policies = new Policy[count];
      for (int i = 0; i < count; i++) {
        policies[i] = policy("p%04d".formatted(i), null, allowed);
      }
      return policies;
    }

    @Test
    void onlyPoliciesWhoseAnswerMattersAreAskedForAllAtOnce() {
      Judgement judgement =
          asking(
              naming("localhost/a"),
              Set.of("allows"),
              Set.of(),
              policy("allows", null, A),
              policy("allows-too", null, A, B),
              policy("other", B, B));
      assertThat(admitted(judgement).ground()).isEqualTo(new Ground.ByPolicy("allows"));
      assertThat(asked).containsExactly(List.of("allows", "allows-too"));
    }

    @Test
    void aPodThatNamesNothingAsksForDefaultsFirst() {
      Judgement judgement =
          asking(
              naming(null),
              Set.of("has-default", "allows"),
              Set.of(),
              policy("allows", null, A),
              policy("has-default", A, B),
              policy("other", null, B));
      assertThat(profile(judgement)).isEqualTo(A);
      assertThat(admitted(judgement).ground()).isEqualTo(new Ground.ByPolicy("allows"));
      assertThat(asked).containsExactly(List.of("has-default"), List.of("allows"));
    }

    @Test
    void theFirstBatchSufficesWhereItAllows() {
      Judgement judgement = asking(naming("localhost/a"), Set.of("p0003"), Set.of(), many(5000, A));
      assertThat(judgement.admitted()).isTrue();
      assertThat(asked).hasSize(1);
      assertThat(asked.getFirst()).hasSize(UsablePolicies.BATCH);
    }

    @Test
    void nobodyIsAskedTwice() {
      asking(naming("localhost/a"), Set.of(), Set.of(), many(100, A));
      assertThat(asked.stream().flatMap(List::stream).toList())
          .hasSize(100)
          .doesNotHaveDuplicates();
    }

    @Test
    void theExplanationOfARefusalAsksForAFewOnly() {
      Judgement judgement = asking(naming("localhost/a"), Set.of(), Set.of(), many(5000, B));
      assertThat(asked.stream().mapToInt(List::size).sum()).isLessThan(100);
      assertThat(texts(judgement.reasons()).getFirst())
          .contains("may use no policy (4936 other policies were not checked)");
    }

    @Test
    void whatIsNotKnownIsNotAllowed() {
      Judgement judgement =
          asking(naming("localhost/a"), Set.of(), Set.of("p"), policy("p", null, A));
      assertThat(judgement.admitted()).isFalse();
      assertThat(judgement.undecided()).isTrue();
      assertThat(JudgeTest.only(judgement)).isInstanceOf(Undecided.class);
      assertThat(texts(judgement.reasons()))
          .containsExactly(
              "metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: Internal error:"
                  + " cannot decide whether container \"c\" may run under localhost/a: the API"
                  + " server does not answer; try again");
    }

    @Test
    void anotherPolicyThatIsKnownToAllowSuffices() {
      Judgement judgement =
          asking(
              naming("localhost/a"),
              Set.of("q"),
              Set.of("p"),
              policy("p", null, A),
              policy("q", null, A));
      assertThat(judgement.admitted()).isTrue();
      assertThat(judgement.undecided()).isFalse();
    }

    /// The default might have been another, stricter one.
    @Test
    void aDefaultIsNotTakenWhereOneBeforeItIsNotKnown() {
      Judgement judgement =
          asking(naming(null), Set.of("q"), Set.of("p"), policy("p", A, A), policy("q", B, A, B));
      assertThat(judgement.admitted()).isFalse();
      assertThat(judgement.undecided()).isTrue();
    }

    @Test
    void aRefusalThatIsSureIsNoFailure() {
      Judgement judgement = asking(naming("localhost/a"), Set.of(), Set.of(), policy("p", null, A));
      assertThat(judgement.admitted()).isFalse();
      assertThat(judgement.undecided()).isFalse();
    }
  }

  @Nested
  class Unusable {
    /// Trap 2 and CVE-2023-2431: valid for Kubernetes, and never unconfined here.
    @Test
    void anEmptyLocalhostProfileIsRefused() {
      Pod field =
          pod(
              "",
              "containers: [{name: c}]\n"
                  + "securityContext: {seccompProfile: {type: Localhost, localhostProfile: ''}}");
      for (Pod pod : List.of(naming("localhost/"), field)) {
        Judgement judgement = judge(new PolicyScope.ValidityOnly(), pod);
        assertThat(judgement.admitted()).isFalse();
        assertThat(only(judgement)).isInstanceOf(ContainerDecision.Unusable.class);
        assertThat(judgement.reasons())
            .extracting(FieldError::kind)
            .containsExactly(FieldError.Kind.INVALID);
      }
    }

    @Test
    void aBadValueIsReportedOnceHoweverManyContainersInheritIt() {
      Pod pod =
          pod(
              "seccomp.security.alpha.kubernetes.io/pod: foo",
              "containers: [{name: one}, {name: two}]");
      assertThat(judge(new PolicyScope.ValidityOnly(), pod).reasons()).hasSize(1);
    }

    @Test
    void anInvalidPodIsRefusedWhateverPoliciesAllow() {
      Pod pod =
          pod("container.seccomp.security.alpha.kubernetes.io/z: junk", "containers: [{name: c}]");
      Policy lax =
          new Policy(Policy.Kind.SECCOMP_POLICY, "lax", List.of(new AllowedProfile.Any()), null);
      Judgement judgement = all(pod, lax);
      assertThat(judgement.admitted()).isFalse();
      assertThat(only(judgement))
          .isInstanceOfSatisfying(
              InvalidPod.class,
              it -> assertThat(it.ground()).isEqualTo(new Ground.ByPolicy("lax")));
    }
  }

  @Test
  void aPodIsNotAdmittedWithAContainerThatIsNot() {
    Judgement refused = all(naming("localhost/a"), policy("p", null, B));
    assertThatThrownBy(() ->
            new Judgement(
                refused.pod(),
                refused.namespace(),
                refused.containers(),
                List.of(),
                List.of(),
                List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theNamespaceOfTheObjectElseTheGivenOne() {
    assertThat(judge(new PolicyScope.ValidityOnly(), naming(null)).namespace())
        .isEqualTo("default");
    Pod pod =
        pod(
            "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: team-a}, spec: {containers:"
                + " [{name: c}]}}");
    assertThat(judge(new PolicyScope.ValidityOnly(), pod).namespace()).isEqualTo("team-a");
  }

  /// What runs without a filter whatever it names is for those who may run without one.
  @Nested
  class Unfiltered {
    private static final Policy NAMED = policy("named", null, ProfileName.RUNTIME_DEFAULT);
    private static final Policy FREE = policy("free", null, ProfileName.UNCONFINED);

    private static Judgement leniently(Leniency leniency, Pod pod, Policy... policies) {
      return new Judge(
              new PolicyScope.PoliciesForAll(Policies.of(List.of(policies)), NOTHING_KNOWN),
              ProfileName.RUNTIME_DEFAULT,
              "default",
              Judge.Place.CLUSTER,
              leniency)
          .judge(pod);
    }

    private static Pod privileged(String annotation) {
      return pod(
          annotation,
          "containers: [{name: c, securityContext: {privileged: true}}, {name: d,"
              + " securityContext: {seccompProfile: {type: RuntimeDefault}}}]");
    }

    @Test
    void aPrivilegedContainerIsJudgedAsUnconfined() {
      Pod pod = privileged("seccomp.security.alpha.kubernetes.io/pod: runtime/default");
      Judgement refused = all(pod, NAMED);
      assertThat(refused.containers()).hasExactlyElementsOfTypes(Refused.class, Admitted.class);
      assertThat(texts(refused.reasons()))
          .containsExactly(
              "spec.containers[0].securityContext.privileged: Forbidden: container \"c\" is"
                  + " privileged, so it runs unconfined regardless of the profile that it names,"
                  + " which is not allowed: the policies are SeccompPolicy \"named\", which allows"
                  + " runtime/default; no policy allows unconfined; remove `privileged`");
      assertThat(refused.reasons().getFirst().at().line()).isEqualTo(8);
      Judgement allowed = all(pod, NAMED, FREE);
      assertThat(allowed.admitted()).isTrue();
      assertThat(allowed.containers())
          .extracting(it -> ((Admitted) it).ground())
          .containsExactly(new Ground.ByPolicy("free"), new Ground.ByPolicy("named"));
      assertThat(allowed.containers())
          .extracting(it -> ((Admitted) it).runsUnconfined())
          .containsExactly(true, false);
      assertThat(((Admitted) allowed.containers().getFirst()).profile())
          .isEqualTo(ProfileName.RUNTIME_DEFAULT);
    }

    @Test
    void oneThatNamesNothingToo() {
      Pod pod = privileged("");
      assertThat(
              all(pod, policy("p", ProfileName.RUNTIME_DEFAULT, ProfileName.RUNTIME_DEFAULT))
                  .admitted())
          .isFalse();
      assertThat(all(pod).admitted()).isFalse();
      // It needs nothing but unconfined, whatever the default is.
      assertThat(
              admitted(
                      all(
                          pod("", "containers: [{name: c, securityContext: {privileged: true}}]"),
                          FREE))
                  .ground())
          .isEqualTo(new Ground.ByPolicy("free"));
    }

    /// A proof is about a filter, and there is none.
    @Test
    void noProofAllowsOne() {
      Policy proven = new Policy(Policy.Kind.SECCOMP_POLICY, "p", List.of(), List.of(B), null);
      Judgement judgement =
          new Judge(
                  new PolicyScope.PoliciesForAll(
                      Policies.of(List.of(proven)), (_, _) -> new Strictness.NoWeaker("00", "11")),
                  ProfileName.RUNTIME_DEFAULT,
                  "default")
              .judge(
                  pod(
                      "seccomp.security.alpha.kubernetes.io/pod: localhost/a",
                      "containers: [{name: c, securityContext: {privileged: true}}]"));
      assertThat(judgement.admitted()).isFalse();
      assertThat(only(judgement)).isInstanceOf(Refused.class);
    }

    @Test
    void byItsNameOnlyWhereThatIsAskedFor() {
      Pod pod = privileged("");
      assertThat(leniently(new Leniency(true, false), pod, NAMED).admitted()).isTrue();
      assertThat(leniently(Leniency.NONE, pod, NAMED).admitted()).isFalse();
    }

    @Test
    void aRefusalForWantOfAnAnswerSaysSo() {
      PolicyScope rules =
          new PolicyScope.PoliciesForUser(
              Policies.of(List.of(FREE)),
              (_, policies, _) -> new Grants.Answers(Set.of(), Set.copyOf(policies), "no answer"),
              NOTHING_KNOWN,
              ALICE);
      for (Pod pod :
          List.of(privileged(""), pod("run.oci.handler: krun", "containers: [{name: c}]"))) {
        Judgement judgement = judge(rules, pod);
        assertThat(judgement.undecided()).isTrue();
        assertThat(judgement.admitted()).isFalse();
      }
    }

    @Test
    void aWindowsPodIsBelievedOnlyWhereKubeletsCheckIt() {
      Pod pod = pod("", "os: {name: windows}\ncontainers: [{name: c}]");
      assertThat(texts(all(pod, NAMED).reasons()))
          .singleElement()
          .asString()
          .startsWith(
              "spec.os.name: Forbidden: container \"c\" belongs to a windows pod, which kubelets"
                  + " before 1.24 run on Linux without a profile, which is not allowed: ")
          .contains("--trust-windows-pods");
      assertThat(all(pod, NAMED, FREE).admitted()).isTrue();
      Judgement trusted = leniently(new Leniency(false, true), pod, NAMED);
      assertThat(trusted.admitted()).isTrue();
      assertThat(trusted.containers()).isEmpty();
      assertThat(trusted.warnings()).singleElement().asString().contains("does not change it");
    }

    @Test
    void aWindowsPodHasNoSeccompAnnotation() {
      Pod pod =
          pod(
              "seccomp.security.alpha.kubernetes.io/pod: unconfined",
              "os: {name: windows}\ncontainers: [{name: c}]");
      for (Leniency leniency : List.of(Leniency.NONE, new Leniency(false, true))) {
        assertThat(kinds(leniently(leniency, pod, FREE).reasons()))
            .contains("FORBIDDEN metadata.annotations.seccomp.security.alpha.kubernetes.io/pod");
      }
    }

    @Test
    void anAnnotationThatARuntimeObeysIsForWhoMayRunUnconfined() {
      Pod pod =
          pod(
              "run.oci.seccomp_bpf_data: BgAAAAAA/38=\nrun.oci.keep_original_groups: '1'",
              "containers: [{name: c, securityContext: {allowPrivilegeEscalation: false}}]");
      assertThat(texts(all(pod, NAMED).reasons()))
          .containsExactly(
              "metadata.annotations.run.oci.seccomp_bpf_data: Forbidden: with it crun takes the"
                  + " filter, or the process that decides calls, from the annotation, regardless of"
                  + " the profile that the pod names, so the pod needs the right to run unconfined:"
                  + " the policies are SeccompPolicy \"named\", which allows runtime/default; no"
                  + " policy allows unconfined; remove the annotation");
      Judgement free = all(pod, NAMED, FREE);
      assertThat(free.admitted()).isTrue();
      assertThat(free.warnings()).singleElement().asString().contains("with it crun takes");
      assertThat(all(pod).admitted()).isFalse();
      Judgement free0 =
          new Judge(
                  new PolicyScope.PoliciesForAll(Policies.NONE, NOTHING_KNOWN),
                  ProfileName.UNCONFINED,
                  "default")
              .judge(pod);
      assertThat(free0.admitted()).isTrue();
    }

    /// `unconfined` is a grant of no filter. A filter of the author's own, loaded before the
    /// runtime drops rights, would be one of every right: errno 0 for capset, and nothing is
    /// dropped.
    @Test
    void whoMayRunUnconfinedMayNotKeepRightsByAFilterOfHisOwn() {
      String filter = "run.oci.seccomp_bpf_data: BgAAAAAA/38=";
      String bound = "securityContext: {allowPrivilegeEscalation: false}";
      String containers = "containers: [{name: c, " + bound + "}, {name: d}]";
      assertThat(texts(all(pod(filter, containers), NAMED, FREE).reasons()))
          .containsExactly(
              "metadata.annotations.run.oci.seccomp_bpf_data: Forbidden: with it crun takes the"
                  + " filter, or the process that decides calls, from the annotation, regardless of"
                  + " the profile that the pod names, and container \"d\" could keep rights that it"
                  + " should lose: spec.containers[1].securityContext.allowPrivilegeEscalation is"
                  + " not false; set it to false (without no_new_privs, a runtime loads the filter"
                  + " before it drops capabilities and changes the user, so the author of the"
                  + " profile could keep them), or remove the annotation");
      String init = "\ninitContainers: [{name: d, securityContext: {capabilities: {add: [all]}}}]";
      assertThat(
              all(pod(filter, "containers: [{name: c, " + bound + "}]" + init), NAMED, FREE)
                  .admitted())
          .isFalse();
      assertThat(
              new Judge(
                      new PolicyScope.PoliciesForAll(Policies.NONE, NOTHING_KNOWN),
                      ProfileName.UNCONFINED,
                      "default")
                  .judge(pod(filter, containers))
                  .admitted())
          .isFalse();
      // Nothing is left to lose, or the author has no say in what the filter answers.
      for (String without :
          List.of(
              "containers: [{name: c, " + bound + "}]",
              "containers: [{name: c, securityContext: {privileged: true}}]")) {
        assertThat(all(pod(filter, without), NAMED, FREE).admitted()).isTrue();
      }
      assertThat(all(pod("run.oci.handler: krun", containers), NAMED, FREE).admitted()).isTrue();
    }

    /// The OCI runtime may keep the filter of a profile that never had the last rule, and take it
    /// for that of another container.
    @Test
    void whoMayRunUnconfinedMayNotBringAProfileOfHisOwn() {
      String bound = "containers: [{name: c, securityContext: {allowPrivilegeEscalation: false}}]";
      for (String key :
          List.of("seccomp-profile.crio.io/c", "seccomp-profile.kubernetes.cri-o.io")) {
        Pod pod = pod(key + ": quay.io/a/b:1", bound);
        assertThat(texts(all(pod, NAMED, FREE).reasons()))
            .singleElement(STRING)
            .isEqualTo(
                "metadata.annotations."
                    + key
                    + ": Forbidden: with it CRI-O takes the profile from a registry, regardless of"
                    + " the profile that the pod names, and the OCI runtime may use the filter of that profile for other containers: remove"
                    + " the annotation, and name a profile for container \"c\"");
      }
      Pod privileged =
          pod(
              "seccomp-profile.crio.io: quay.io/a/b:1",
              "containers: [{name: c, securityContext: {privileged: true}}]");
      assertThat(all(privileged, NAMED, FREE).admitted()).isTrue();
    }
  }
}
