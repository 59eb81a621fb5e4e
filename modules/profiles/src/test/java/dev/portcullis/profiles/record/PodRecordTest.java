package dev.portcullis.profiles.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.PolicyScope;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.decide.StrictnessEvidence;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.AllowedProfile;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.policy.Policy;
import dev.portcullis.pods.spec.PodReader;
import dev.portcullis.profiles.key.ProfileKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What admission writes and nodes read: one contract.
class PodRecordTest {
  private static final ProfileName.Localhost BASE = new ProfileName.Localhost("base.json");

  private static Judgement judgement(String containers) {
    String pod =
        "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: " + containers + "}}";
    if (!(Documents.read(pod.getBytes(UTF_8), Limits.MANIFEST)
            instanceof ParseResult.Documents(var values))
        || !(values.getFirst() instanceof Mapping object)) {
      throw new AssertionError(pod);
    }
    Policy names =
        new Policy(
            Policy.Kind.SECCOMP_POLICY,
            "names",
            List.of(new AllowedProfile.Exactly(ProfileName.UNCONFINED)),
            null);
    Policy proofs =
        new Policy(Policy.Kind.SECCOMP_POLICY, "proofs", List.of(), List.of(BASE), null);
    return new Judge(
            new PolicyScope.PoliciesForAll(
                Policies.of(List.of(names, proofs)),
                (_, _) -> new Strictness.NoWeaker("c0ffee", "ba5e")),
            ProfileName.RUNTIME_DEFAULT,
            "default")
        .judge(Objects.requireNonNull(PodReader.read(new KubernetesObject("v1", "Pod", object))));
  }

  private static String container(String name, String profile) {
    return "{name: "
        + name
        + ", securityContext: {allowPrivilegeEscalation: false, seccompProfile: {"
        + profile
        + "}}}";
  }

  private static final String OPEN = "type: Unconfined";
  private static final String PROVEN = "type: Localhost, localhostProfile: ./mine.json";

  @Test
  void nodesReadWhatAdmissionWrites() {
    PodRecord record =
        PodRecord.of(
            judgement(
                "["
                    + container("a", OPEN)
                    + ","
                    + container("b", PROVEN)
                    + ","
                    + container("c", OPEN)
                    + "]"));
    Map<String, String> annotations = record.annotations();
    assertThat(annotations)
        .containsOnlyKeys(PodRecord.KEYS)
        .containsEntry("portcullis.dev/policy", "names,proofs")
        .containsEntry("portcullis.dev/unconfined", "a,c")
        .containsEntry(
            "portcullis.dev/proven",
            "[{\"profile\":\"localhost/mine.json\",\"sha256\":\"c0ffee\","
                + "\"noWeakerThan\":\"localhost/base.json\",\"baseSha256\":\"ba5e\"}]");
    assertThat(record.labels()).isEqualTo(Map.of("portcullis.dev/proven", "true"));
    assertThat(annotations.keySet()).allMatch(PodRecord::isAnnotation);
    assertThat(record.labels().keySet()).allMatch(PodRecord::isLabel);
    assertThat(PodRecord.isIn(annotations)).isTrue();
    assertThat(List.of("a", "b", "c", "a,c", ""))
        .filteredOn(name -> PodRecord.isUnconfined(annotations, name))
        .containsExactly("a", "c");
    ProofRecord proofs = PodRecord.proofs(annotations);
    assertThat(proofs).isEqualTo(record.proofs());
    assertThat(Objects.requireNonNull(proofs).byProfile())
        .isEqualTo(
            Map.of(new ProfileKey("mine.json"), new StrictnessEvidence(BASE, "c0ffee", "ba5e")));
  }

  @Test
  void aPodWithoutExceptionsHasThePolicyAlone() {
    PodRecord record = PodRecord.of(judgement("[" + container("a", PROVEN) + "]"));
    assertThat(record.annotations()).containsOnlyKeys(PodRecord.POLICY, PodRecord.PROVEN);
    PodRecord none = new PodRecord(record.policies(), record.unconfined(), ProofRecord.NONE);
    assertThat(none.annotations()).isEqualTo(Map.of(PodRecord.POLICY, "proofs"));
    assertThat(none.labels()).isEmpty();
    assertThat(PodRecord.isUnconfined(none.annotations(), "a")).isFalse();
    assertThat(PodRecord.proofs(none.annotations())).isEqualTo(ProofRecord.NONE);
  }

  @Test
  void aPodThatWasNotJudgedHasNone() {
    assertThat(PodRecord.isIn(Map.of("portcullis.dev/unconfined", "a"))).isFalse();
    assertThat(PodRecord.proofs(Map.of("portcullis.dev/proven", "x"))).isNull();
    assertThat(PodRecord.isAnnotation("portcullis.dev/prove")).isFalse();
    assertThat(PodRecord.isAnnotation("portcullis.dev/record")).isFalse();
    assertThat(PodRecord.isAnnotation("portcullis.dev/of-another-version")).isTrue();
    assertThat(PodRecord.isLabel("portcullis.dev/policy")).isFalse();
  }

  @Test
  void moreContainersWithoutAFilterExceedIt() {
    PodRecord record = PodRecord.of(judgement("[" + container("a", OPEN) + "]"));
    assertThat(record.isExceededBy("a")).isFalse();
    assertThat(record.isExceededBy("a,b")).isTrue();
    assertThat(record.isExceededBy("")).isTrue();
  }

  /// Of a pod that became invalid after it was admitted, too: what it carries is no forgery.
  @Test
  void whatIsProvenIsInTheRecordOfAnInvalidPod() {
    Judgement invalid = judgement("[" + container("a", PROVEN) + ", {}]");
    assertThat(invalid.admitted()).isFalse();
    assertThat(PodRecord.of(invalid).proofs().byProfile())
        .containsOnlyKeys(new ProfileKey("mine.json"));
  }
}
