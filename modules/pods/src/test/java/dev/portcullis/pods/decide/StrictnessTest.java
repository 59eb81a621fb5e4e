package dev.portcullis.pods.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.Manifests;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `spec.stricterThan`: what no list names is allowed where it is proven to be no weaker.
final class StrictnessTest {
  private static final ProfileName.Localhost BASE = new ProfileName.Localhost("base.json");
  private static final ProfileName.Localhost MINE = new ProfileName.Localhost("mine.json");

  private final List<String> asked = new ArrayList<>();

  private static Policy policy(String name, ProfileName... stricterThan) {
    return new Policy(
        Policy.Kind.SECCOMP_POLICY,
        name,
        List.of(new AllowedProfile.Exactly(ProfileName.RUNTIME_DEFAULT)),
        List.of(stricterThan),
        null);
  }

  private Judgement judge(String profile, Strictness.Answer answer, Policy... policies) {
    return judge(naming(profile), answer, policies);
  }

  private Judgement judge(Pod pod, Strictness.Answer answer, Policy... policies) {
    Strictness strictness =
        (of, than) -> {
          asked.add(of.text() + " " + than.text());
          return answer;
        };
    return new Judge(
            new PolicyScope.PoliciesForAll(Policies.of(List.of(policies)), strictness),
            ProfileName.RUNTIME_DEFAULT,
            "default")
        .judge(pod);
  }

  private static Pod naming(String profile) {
    return Manifests.pod(
        "seccomp.security.alpha.kubernetes.io/pod: " + profile,
        "containers: [{name: c, securityContext: {allowPrivilegeEscalation: false}}]");
  }

  @Test
  void theProvenIsAllowedByThePolicyThatNamesTheOther() {
    Judgement judgement =
        judge(
            "localhost/mine.json",
            new Strictness.NoWeaker("c0ffee", "ba5e"),
            policy("tighten", BASE));
    assertThat(judgement.admitted()).isTrue();
    Ground byProof = new Ground.ByProof("tighten", new StrictnessEvidence(BASE, "c0ffee", "ba5e"));
    assertThat(ground(judgement)).isEqualTo(byProof);
    assertThat(asked).containsExactly("localhost/mine.json localhost/base.json");
  }

  private static Ground ground(Judgement judgement) {
    return ((Admitted) judgement.containers().getFirst()).ground();
  }

  /// Who asks has gone, and what is proven for him takes processor from others.
  @Test
  void nothingIsComparedWhenTheTimeIsOver() {
    Strictness late =
        new Strictness() {
          @Override
          public Answer compare(ProfileName.Localhost profile, ProfileName than) {
            throw new AssertionError(profile + " " + than);
          }

          @Override
          public boolean hasTime() {
            return false;
          }
        };
    Judgement judgement =
        new Judge(
                new PolicyScope.PoliciesForAll(Policies.of(List.of(policy("tighten", BASE))), late),
                ProfileName.RUNTIME_DEFAULT,
                "default")
            .judge(naming("localhost/mine.json"));
    assertThat(judgement.admitted()).isFalse();
  }

  /// A container that a runtime gives its filter while it still has all rights.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                        | allowPrivilegeEscalation is not false",
        "{allowPrivilegeEscalation: null}          | allowPrivilegeEscalation is not false",
        "{allowPrivilegeEscalation: true}          | allowPrivilegeEscalation is not false",
        "{allowPrivilegeEscalation: false, capabilities: {add: [SYS_ADMIN]}}       |"
            + " capabilities.add has \"SYS_ADMIN\"",
        "{allowPrivilegeEscalation: false, capabilities: {add: [KILL, sys_admin]}} |"
            + " capabilities.add has \"sys_admin\"",
        "{allowPrivilegeEscalation: false, capabilities: {add: [cap_Sys_Admin]}}   |"
            + " capabilities.add has \"cap_Sys_Admin\"",
        "{allowPrivilegeEscalation: false, capabilities: {add: [All]}}             |"
            + " capabilities.add has \"All\"",
        "{allowPrivilegeEscalation: false, capabilities: {add: [ALL], drop: [SYS_ADMIN]}} |"
            + " capabilities.add has \"ALL\"",
        "{capabilities: {add: [ALL]}}              | remove it, and"
            + " spec.CONTAINER.securityContext.allowPrivilegeEscalation",
      })
  void nothingIsProvenWithoutNoNewPrivileges(String context, String why) {
    for (Container.Kind kind : Container.Kind.values()) {
      String containers =
          kind == Container.Kind.REGULAR
              ? "containers: [{name: c, securityContext: " + context + "}]"
              : kind.list()
                  + ": [{name: c, securityContext: "
                  + context
                  + "}]\ncontainers: [{name: d, securityContext: {allowPrivilegeEscalation:"
                  + " false}}]";
      Judgement judgement =
          judge(
              Manifests.pod(
                  "seccomp.security.alpha.kubernetes.io/pod: localhost/mine.json", containers),
              new Strictness.NoWeaker("c0ffee", "ba5e"),
              policy("tighten", BASE));
      assertThat(judgement.admitted()).as(containers).isFalse();
      assertThat(judgement.reasons())
          .extracting(FieldError::message)
          .singleElement()
          .asString()
          .contains(
              "no proof is possible for the profile of container \"c\"",
              why.replace("CONTAINER", kind.list() + "[0]"),
              "loads the filter before it drops capabilities");
      // Another container of the pod, for which the proof holds, is allowed by it.
      assertThat(judgement.containers().stream().filter(it -> it.container().name().equals("d")))
          .allMatch(it -> ((Admitted) it).ground() instanceof Ground.ByProof);
    }
  }

  /// It is judged as unconfined; where it is judged by its name, that is no help.
  @Test
  void nothingIsProvenOfAPrivilegedContainer() {
    Pod pod =
        Manifests.pod(
            "seccomp.security.alpha.kubernetes.io/pod: localhost/mine.json",
            "containers: [{name: c, securityContext: {privileged: true}}]");
    PolicyScope rules =
        new PolicyScope.PoliciesForAll(
            Policies.of(List.of(policy("tighten", BASE))),
            (_, _) -> new Strictness.NoWeaker("c0ffee", "ba5e"));
    for (boolean byName : List.of(true, false)) {
      Judgement judgement =
          new Judge(
                  rules,
                  ProfileName.RUNTIME_DEFAULT,
                  "default",
                  Judge.Place.FILE,
                  new Leniency(byName, false))
              .judge(pod);
      assertThat(judgement.admitted()).isFalse();
      assertThat(judgement.reasons())
          .extracting(FieldError::message)
          .singleElement()
          .asString()
          .contains(
              byName
                  ? "privileged is true; remove it, and"
                  : "is privileged, so it runs unconfined");
    }
  }

  @Test
  void whatAPolicyNamesNeedsNoProof() {
    Pod pod =
        Manifests.pod(
            "seccomp.security.alpha.kubernetes.io/pod: localhost/base.json",
            "containers: [{name: c, securityContext: {capabilities: {add: [ALL]}}}, {name: d}]");
    assertThat(judge(pod, new Strictness.Unprovable("?"), policy("a", BASE)).admitted()).isTrue();
    assertThat(asked).isEmpty();
  }

  @Test
  void otherCapabilitiesDoNotMatter() {
    Pod pod =
        Manifests.pod(
            "seccomp.security.alpha.kubernetes.io/pod: localhost/mine.json",
            "containers: [{name: c, securityContext: {allowPrivilegeEscalation: false,"
                + " capabilities: {add: [NET_ADMIN, SYS_ADMINS], drop: [ALL]}}}]");
    assertThat(judge(pod, new Strictness.NoWeaker("c0ffee", "ba5e"), policy("a", BASE)).admitted())
        .isTrue();
  }

  @Test
  void nameBeatsProof() {
    Policy named =
        new Policy(
            Policy.Kind.SECCOMP_POLICY, "z", List.of(new AllowedProfile.Exactly(MINE)), null);
    Judgement judgement =
        judge(
            "localhost/mine.json",
            new Strictness.NoWeaker("c0ffee", "ba5e"),
            policy("a", BASE),
            named);
    assertThat(ground(judgement)).isEqualTo(new Ground.ByPolicy("z"));
    assertThat(asked).isEmpty();
  }

  @Test
  void aProfileIsNoWeakerThanItselfWhateverIsKnown() {
    assertThat(
            judge("localhost/base.json", new Strictness.Unprovable("?"), policy("a", BASE))
                .admitted())
        .isTrue();
  }

  @Test
  void theOtherTwoNamesAreNeverProven() {
    assertThat(
            judge("unconfined", new Strictness.NoWeaker("c0ffee", "ba5e"), policy("a", BASE))
                .admitted())
        .isFalse();
    assertThat(asked).isEmpty();
  }

  @Test
  void whatIsWeakerIsRefusedWithTheCallThatShowsIt() {
    Judgement judgement =
        judge(
            "localhost/mine.json",
            new Strictness.Weaker("ptrace on x86_64 is ALLOW instead of ERRNO(1)"),
            policy("tighten", BASE));
    assertThat(judgement.admitted()).isFalse();
    assertThat(judgement.undecided()).isFalse();
    assertThat(judgement.reasons())
        .extracting(FieldError::message)
        .singleElement()
        .asString()
        .contains(
            "which allows runtime/default, profiles no weaker than localhost/base.json",
            "it is weaker than localhost/base.json (SeccompPolicy \"tighten\"): ptrace on x86_64"
                + " is ALLOW instead of ERRNO(1); no policy allows it");
  }

  @Test
  void whatCannotBeProvenIsRefusedAndSaysWhy() {
    assertThat(
            judge(
                    "localhost/mine.json",
                    new Strictness.Unprovable("nodes hold different contents"),
                    policy("tighten", BASE))
                .reasons())
        .extracting(FieldError::message)
        .singleElement()
        .asString()
        .contains("it is not proven to be no weaker", "nodes hold different contents");
  }

  @Test
  void nothingIsComparedForAPolicyThatNobodyMayUse() {
    Strictness strictness =
        (of, than) -> {
          throw new AssertionError(of + " " + than);
        };
    Judgement judgement =
        new Judge(
                new PolicyScope.PoliciesForUser(
                    Policies.of(List.of(policy("a", BASE))),
                    (_, _, _) -> new Grants.Answers(Set.of(), Set.of(), null),
                    strictness,
                    User.requesting("alice", List.of())),
                ProfileName.RUNTIME_DEFAULT,
                "default")
            .judge(naming("localhost/mine.json"));
    assertThat(judgement.admitted()).isFalse();
  }

  @Test
  void aGrantThatCannotBeLearntIsNotARefusal() {
    Judgement judgement =
        new Judge(
                new PolicyScope.PoliciesForUser(
                    Policies.of(List.of(policy("a", BASE))),
                    (_, policies, _) -> new Grants.Answers(Set.of(), Set.copyOf(policies), "away"),
                    (_, _) -> new Strictness.NoWeaker("c0ffee", "ba5e"),
                    User.requesting("alice", List.of())),
                ProfileName.RUNTIME_DEFAULT,
                "default")
            .judge(naming("localhost/mine.json"));
    assertThat(judgement.admitted()).isFalse();
    assertThat(judgement.undecided()).isTrue();
  }

  @Test
  void somebodyWaitsSoThereIsAnEnd() {
    ProfileName[] many = new ProfileName[100];
    for (int i = 0; i < many.length; i++) {
      many[i] = new ProfileName.Localhost("p" + i);
    }
    Judgement judgement =
        judge(
            "localhost/mine.json",
            new Strictness.Weaker("x"),
            policy("a", many),
            policy("b", many));
    assertThat(asked).hasSize(Proofs.MOST);
    assertThat(judgement.reasons().getFirst().message())
        .hasSizeLessThan(4000)
        .contains("and so for 30 more");
  }
}
