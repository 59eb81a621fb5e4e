package dev.portcullis.admission.ruling;

import static dev.portcullis.admission.ruling.Reviews.creation;
import static dev.portcullis.admission.ruling.Reviews.json;
import static dev.portcullis.admission.ruling.Reviews.patched;
import static dev.portcullis.admission.ruling.Reviews.pod;
import static dev.portcullis.admission.ruling.Reviews.policy;
import static dev.portcullis.admission.ruling.Reviews.request;
import static dev.portcullis.admission.ruling.Reviews.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.admission.ruling.AdmissionVerdict.Outcome;
import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.decide.Grants;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.rbac.User;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who may have a pod recorded, and for how long.
class RecordingReviewTest {
  private static final String ONE = "containers: [{name: c}]";
  private static final RecordingGrants ALICE =
      (users, namespace, pod) ->
          () ->
              namespace.equals("ns")
                  && pod.equals("p")
                  && users.stream().map(User::name).anyMatch("alice"::equals);
  private static final RecordingGrants ACCOUNT =
      (users, _, _) ->
          () -> users.stream().map(User::name).anyMatch("system:serviceaccount:ns:builder"::equals);

  private static Admission cluster(RecordingGrants grants) {
    return cluster(Mode.ENFORCE, grants);
  }

  private static Admission cluster(Mode mode, RecordingGrants grants) {
    return cluster(mode, Grants.known((_, _, _) -> true), grants);
  }

  private static Admission cluster(Mode mode, Grants policies, RecordingGrants grants) {
    return new Admission(
        new Admission.Sources(
            () -> Policies.of(List.of(policy("p", null, "*"))),
            policies,
            _ -> null,
            (_, _) -> {
              throw new AssertionError("nobody should ask for the stored pod");
            },
            List::of,
            Admission.Contents.unknown(),
            grants),
        new Scope(mode, Set.of(), Set.of(), Set.of()),
        ProfileName.RUNTIME_DEFAULT,
        Leniency.NONE);
  }

  private static Mapping recorded(String duration) {
    return pod("portcullis.dev/record: '" + duration + "'", ONE);
  }

  /// A pod as the mutating webhook leaves it.
  private static Mapping mutated(Mapping pod, Admission admission) throws IOException {
    return patched(pod, admission.mutate(creation(pod)).response().patch());
  }

  private static AdmissionVerdict created(Mapping pod, Admission admission) throws IOException {
    return admission.validate(creation(mutated(pod, admission)));
  }

  @Test
  void whoMayIsNotKeptFromIt() throws IOException {
    Admission admission = cluster(ALICE);
    assertThat(json(admission.mutate(creation(recorded("10m"))).response().patch()))
        .doesNotContain("record");
    assertThat(created(recorded("10m"), admission).outcome()).isEqualTo(Outcome.ALLOWED);
    Mapping account = pod("portcullis.dev/record: 10m", ONE + ", serviceAccountName: builder");
    assertThat(created(account, cluster(ACCOUNT)).outcome()).isEqualTo(Outcome.ALLOWED);
  }

  @Test
  void whoMayNotIsToldWhatHelps() throws IOException {
    AdmissionVerdict refused = created(recorded("10m"), cluster(RecordingGrants.NONE));
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.reasons())
        .singleElement()
        .asString()
        .contains(
            "metadata.annotations.portcullis.dev/record: Forbidden: neither user \"alice\" nor the"
                + " pod's service account \"default\" may record pods in namespace \"ns\"",
            "{apiGroups: [\"\"], resources: [pods], verbs: [record]}");
    assertThat(created(recorded("10m"), cluster(ACCOUNT)).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(created(recorded("10m"), cluster(Mode.WARN, RecordingGrants.NONE)).outcome())
        .isEqualTo(Outcome.WOULD_REFUSE);
  }

  @ParameterizedTest
  @CsvSource({
    "0s, is a duration of zero",
    "25h, is longer than 24h",
    "soon, is not a duration",
    "-5m, is not a duration"
  })
  void whatIsNoTimeIsRefusedWhoeverAsks(String duration, String why) throws IOException {
    AdmissionVerdict refused = created(recorded(duration), cluster((_, _, _) -> () -> true));
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.reasons())
        .singleElement()
        .asString()
        .contains("Invalid value: \"" + duration + "\": " + why);
  }

  @Test
  void whereNobodyCanSayItIsUndecided() throws IOException {
    RecordingGrants silent =
        (_, _, _) ->
            () -> {
              throw new IOException("the API server is away");
            };
    AdmissionVerdict verdict = created(recorded("10m"), cluster(silent));
    assertThat(verdict.outcome()).isEqualTo(Outcome.UNDECIDED);
    assertThat(verdict.reasons()).singleElement().asString().contains("the API server is away");
  }

  /// An API server that answers late is waited for once, not for one question after the other.
  @Test
  void bothQuestionsAreUnderWayTogether() throws IOException {
    List<String> steps = new ArrayList<>();
    Grants policies =
        Grants.known((_, _, _) -> {
          steps.add("policies");
          return true;
        });
    Admission admission =
        cluster(
            Mode.ENFORCE,
            policies,
            (_, _, _) -> {
              steps.add("recording is asked");
              return () -> steps.add("recording is answered");
            });
    Mapping pod = mutated(recorded("10m"), admission);
    steps.clear();
    assertThat(admission.validate(creation(pod)).outcome()).isEqualTo(Outcome.ALLOWED);
    assertThat(steps)
        .containsSubsequence("recording is asked", "policies", "recording is answered");
  }

  @Test
  void anUpdateIsAskedAboutWhereItBeginsOrChangesARecording() throws IOException {
    Admission nobody = cluster(RecordingGrants.NONE);
    Admission alice = cluster(ALICE);
    Mapping without = mutated(pod("", ONE), nobody);
    Mapping with = mutated(recorded("10m"), alice);
    Mapping longer = mutated(recorded("20m"), alice);
    assertThat(nobody.validate(update(with, without)).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(nobody.validate(update(longer, with)).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(alice.validate(update(with, without)).outcome()).isEqualTo(Outcome.ALLOWED);
    assertThat(nobody.validate(update(with, with)).outcome()).isEqualTo(Outcome.ALLOWED);
    assertThat(nobody.validate(update(without, with)).outcome()).isEqualTo(Outcome.ALLOWED);
  }

  /// Anyone who may change a pod, and may not record, has not asked for it when it was made.
  @Test
  void ofAPodThatExistsTheServiceAccountDoesNotAsk() throws IOException {
    Admission account = cluster(ACCOUNT);
    String spec = ONE + ", serviceAccountName: builder";
    Mapping without = mutated(pod("", spec), account);
    Mapping with = mutated(pod("portcullis.dev/record: 10m", spec), account);
    AdmissionVerdict refused = account.validate(update(with, without));
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.reasons())
        .singleElement()
        .asString()
        .contains(
            "user \"alice\" may not record pods in namespace \"ns\"", "bound there to the user");
  }

  /// An API server keeps the metadata as they are when ephemeral containers are added: one that did
  /// not would open another way.
  @Test
  void ephemeralContainersAreNoWay() throws IOException {
    Mapping without = mutated(pod("", ONE), cluster(ALICE));
    Mapping with = mutated(recorded("10m"), cluster(ALICE));
    assertThat(debugged(RecordingGrants.NONE, with, without)).isEqualTo(Outcome.REFUSED);
    assertThat(debugged(ALICE, with, without)).isEqualTo(Outcome.ALLOWED);
    assertThat(debugged(RecordingGrants.NONE, with, with)).isEqualTo(Outcome.ALLOWED);
  }

  private static Outcome debugged(RecordingGrants grants, Mapping now, Mapping old)
      throws IOException {
    return cluster(grants)
        .validate(request("pods", "ephemeralcontainers", "v1", "Pod", Operation.UPDATE, now, old))
        .outcome();
  }

  /// Who may write the state of pods could write their metadata with it.
  @Test
  void thereIsNoOtherWay() throws IOException {
    Mapping without = mutated(pod("", ONE), cluster(ALICE));
    Mapping with = mutated(recorded("10m"), cluster(ALICE));
    assertThat(
            cluster(ALICE)
                .validate(request("pods", "status", "v1", "Pod", Operation.UPDATE, with, without))
                .outcome())
        .isEqualTo(Outcome.REFUSED);
  }
}
