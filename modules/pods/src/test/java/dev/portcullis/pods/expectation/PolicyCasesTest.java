package dev.portcullis.pods.expectation;

import static dev.portcullis.pods.Manifests.kinds;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.Grants;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.decide.PolicyScope;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.rbac.User;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyCasesTest {
  private static PolicyCases cases(String yaml) {
    return switch (Documents.read(yaml.getBytes(UTF_8), Limits.MANIFEST)) {
      case ParseResult.Documents(List<Value> values) -> PolicyCases.read(values.getFirst());
      case ParseResult.Malformed malformed -> throw new AssertionError(malformed);
    };
  }

  private static final String CASE =
      """
      policies: [policies.yaml]
      cases:
      - name: web
        pod:
          apiVersion: v1
          kind: Pod
          metadata: {name: p}
          spec:
            containers:
            - {name: c, securityContext: {seccompProfile: {type: RuntimeDefault}}}
            - {name: d, securityContext: {seccompProfile: {type: Unconfined}}}
        user: alice
        groups: [g]
        namespace: shop
      """;

  @Test
  void aCase() {
    PolicyCases read =
        cases(
            CASE
                + """
                  expect: refused
                  containers:
                    c: {profile: docker/default, policy: web}
                - file: pods/web.yaml
                  object: Deployment/web
                  user: bob
                  expect: allowed
                """);
    assertThat(read.errors()).isEmpty();
    assertThat(read.policies()).containsExactly("policies.yaml");
    PolicyCase web = read.cases().getFirst();
    assertThat(web.label()).isEqualTo("web");
    assertThat(web.field().at().line()).isEqualTo(3);
    assertThat(web.user()).isEqualTo("alice");
    assertThat(web.groups()).containsExactly("g");
    assertThat(web.namespace()).isEqualTo("shop");
    assertThat(web.expected().text()).isEqualTo("refused");
    assertThat(web.expected().containers().getFirst().profile()).isEqualTo("runtime/default");
    PolicyCase file = read.cases().getLast();
    assertThat(file.label()).isEqualTo("cases[1]");
    assertThat(file.namespace()).isNull();
    assertThat(file.manifest())
        .isInstanceOfSatisfying(
            PolicyCase.InFile.class,
            in -> {
              assertThat(in.path()).isEqualTo("pods/web.yaml");
              assertThat(in.object()).isEqualTo("Deployment/web");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | TYPE_INVALID cases",
        "{} | REQUIRED cases",
        "{cases: []} | REQUIRED cases",
        "{case: []} | INVALID case",
        "{cases: [{user: a, expect: allowed}]} | REQUIRED cases[0].pod",
        "{cases: [{file: f, expect: allowed}]} | REQUIRED cases[0].user",
        "{cases: [{file: f, user: '', expect: allowed}]} | REQUIRED cases[0].user",
        "{cases: [{file: f, user: a}]} | REQUIRED cases[0].expect",
        "{cases: [{file: f, user: a, expect: admitted}]} | NOT_SUPPORTED cases[0].expect",
        "{cases: [{file: f, user: a, expect: allowed, exepct: refused}]} | INVALID cases[0].exepct",
        "{cases: [{object: o, user: a, expect: allowed}]} | FORBIDDEN cases[0].object",
        "{cases: [{file: f, pod: {}, user: a, expect: allowed}]} | FORBIDDEN cases[0].file",
        "{cases: [{pod: {}, user: a, expect: allowed}]} | INVALID cases[0].pod",
        "{cases: [{pod: {kind: Pod}, user: a, expect: allowed}]} | REQUIRED cases[0].pod.apiVersion",
        "{cases: [{file: f, user: a, namespace: A, expect: allowed}]} | INVALID cases[0].namespace",
        "{cases: [{file: f, user: a, expect: allowed, containers: {c: {profile: x}}}]} | INVALID"
            + " cases[0].containers.c.profile",
        "{cases: [{file: f, user: a, expect: allowed, containers: {c: {polciy: x}}}]} | INVALID"
            + " cases[0].containers.c.polciy",
        "{cases: [{file: f, user: 1, expect: allowed}]} | TYPE_INVALID cases[0].user"
      })
  void whatIsWrongHasItsPlace(String yaml, String error) {
    assertThat(kinds(cases(yaml).errors())).containsExactly(error);
  }

  private static List<String> mismatches(String expectation) {
    PolicyCase each = cases(CASE + expectation.indent(2)).cases().getFirst();
    Pod pod =
        Objects.requireNonNull(PodReader.read(((PolicyCase.Inline) each.manifest()).object()));
    Policy web =
        new Policy(
            Policy.Kind.SECCOMP_POLICY,
            "web",
            List.of(new AllowedProfile.Exactly(ProfileName.RUNTIME_DEFAULT)),
            null);
    Judge judge =
        new Judge(
            new PolicyScope.PoliciesForUser(
                Policies.of(List.of(web)),
                Grants.known((_, _, _) -> true),
                Strictness.unknown(""),
                User.requesting(each.user(), each.groups())),
            ProfileName.RUNTIME_DEFAULT,
            "shop");
    CaseResult result = CaseResult.of(each, judge.judge(pod));
    assertThat(result.passed()).isEqualTo(result.mismatches().isEmpty());
    return result.mismatches().stream()
        .map(mismatch -> mismatch.field().at().line() + ": " + mismatch.text())
        .toList();
  }

  @Test
  void whatIsExpectedIsComparedWithWhatIs() {
    assertThat(
            mismatches(
                """
                expect: refused
                containers:
                  c: {profile: runtime/default, policy: web}
                  d: {profile: unconfined}
                """))
        .isEmpty();
    assertThat(
            mismatches(
                """
                expect: allowed
                containers:
                  c: {profile: unconfined, policy: other}
                  d: {policy: web}
                  e: {policy: web}
                """))
        .satisfiesExactly(
            pod ->
                assertThat(pod)
                    .startsWith(
                        "15: expected allowed, but the pod is refused: spec.containers[1]"
                            + ".securityContext.seccompProfile: Forbidden: container \"d\""),
            profile ->
                assertThat(profile)
                    .isEqualTo(
                        "17: container \"c\": expected the profile unconfined, but it is"
                            + " runtime/default"),
            policy ->
                assertThat(policy)
                    .isEqualTo(
                        "17: container \"c\": expected the policy other, but it is allowed by web"),
            none ->
                assertThat(none)
                    .isEqualTo(
                        "18: container \"d\": expected the policy web, but no policy allows it"),
            missing -> assertThat(missing).isEqualTo("19: the pod has no container \"e\""));
  }
}
