package dev.portcullis.admission.ruling;

import static dev.portcullis.admission.ruling.Reviews.cluster;
import static dev.portcullis.admission.ruling.Reviews.creation;
import static dev.portcullis.admission.ruling.Reviews.json;
import static dev.portcullis.admission.ruling.Reviews.patched;
import static dev.portcullis.admission.ruling.Reviews.pod;
import static dev.portcullis.admission.ruling.Reviews.policy;
import static dev.portcullis.admission.ruling.Reviews.request;
import static dev.portcullis.admission.ruling.Reviews.update;
import static dev.portcullis.admission.ruling.Reviews.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.admission.review.AdmissionResponse.Refusal;
import dev.portcullis.admission.ruling.AdmissionVerdict.Outcome;
import dev.portcullis.documents.Mapping;
import dev.portcullis.pods.decide.Grants;
import dev.portcullis.pods.decide.Leniency;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.rbac.User;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {
  private static final String POD = "seccomp.security.alpha.kubernetes.io/pod";
  private static final String OF_C = "container.seccomp.security.alpha.kubernetes.io/c";
  private static final String ONE = "securityContext: {}, containers: [{name: c}]";

  private static Mapping mutated(Admission admission, Mapping pod) throws IOException {
    AdmissionVerdict ruling = admission.mutate(creation(pod));
    assertThat(ruling.response().refusal()).isNull();
    return patched(pod, ruling.response().patch());
  }

  private static Refusal refusal(AdmissionVerdict ruling) {
    Refusal refusal = ruling.response().refusal();
    assertThat(refusal).isNotNull();
    return java.util.Objects.requireNonNull(refusal);
  }

  @Nested
  class Mutating {
    private final Admission admission =
        cluster(Mode.ENFORCE, policy("all", null, "*"), policy("base", null, "runtime/default"));

    private String patch(String annotations, String spec) throws IOException {
      Mapping pod = pod(annotations, spec);
      String first = json(admission.mutate(creation(pod)).response().patch());
      // Reinvocation: nothing is left to do.
      Mapping once = mutated(admission, pod);
      assertThat(json(admission.mutate(creation(once)).response().patch())).isEqualTo("[]");
      assertThat(admission.validate(creation(once)).outcome()).isEqualTo(Outcome.ALLOWED);
      return first;
    }

    private static String record(String policies) {
      return "{\"op\":\"add\",\"path\":\"/metadata/annotations/portcullis.dev~1policy\",\"value\":\""
          + policies
          + "\"}";
    }

    private static String unconfined(String containers) {
      return record(containers).replace("policy", "unconfined");
    }

    @Test
    void whoIsToRunUnconfinedIsWrittenDown() throws IOException {
      assertThat(
              patch(
                  OF_C + ": runtime/default",
                  "securityContext: {seccompProfile: {type: Unconfined}},"
                      + " containers: [{name: c}, {name: d}], initContainers: [{name: b}]"))
          .contains(unconfined("b,d"));
      assertThat(patch("portcullis.dev/unconfined: 'a,b,c'", ONE))
          .contains(
              "{\"op\":\"remove\",\"path\":\"/metadata/annotations/portcullis.dev~1unconfined\"}");
      assertThat(patch("portcullis.dev/unconfined: 'a,b,c', " + OF_C + ": unconfined", ONE))
          .contains(unconfined("c"));
    }

    @Test
    void thePodsAnnotationBecomesThePodsField() throws IOException {
      assertThat(patch(POD + ": localhost/a.json", ONE))
          .isEqualTo(
              "[{\"op\":\"add\",\"path\":\"/spec/securityContext/seccompProfile\",\"value\":"
                  + "{\"type\":\"Localhost\",\"localhostProfile\":\"a.json\"}},"
                  + record("all")
                  + "]");
    }

    @Test
    void aContainersAnnotationBecomesItsFieldAndNoOthers() throws IOException {
      assertThat(
              patch(
                  POD + ": runtime/default, " + OF_C + ": unconfined",
                  "containers: [{name: b}, {name: c, securityContext: {runAsUser: 1}}],"
                      + " initContainers: [{name: i}]"))
          .isEqualTo(
              "[{\"op\":\"add\",\"path\":\"/spec/securityContext\",\"value\":"
                  + "{\"seccompProfile\":{\"type\":\"RuntimeDefault\"}}},"
                  + "{\"op\":\"add\",\"path\":\"/spec/containers/1/securityContext/seccompProfile\","
                  + "\"value\":{\"type\":\"Unconfined\"}},"
                  + record("all")
                  + ","
                  + unconfined("c")
                  + "]");
    }

    @Test
    void whatNamesNothingGetsTheDefaultAtThePod() throws IOException {
      assertThat(patch("", ONE))
          .isEqualTo(
              "[{\"op\":\"add\",\"path\":\"/spec/securityContext/seccompProfile\",\"value\":"
                  + "{\"type\":\"RuntimeDefault\"}},"
                  + record("all")
                  + "]");
    }

    @Test
    void theDefaultStaysAwayWhereNobodyDependsOnIt() throws IOException {
      assertThat(patch(OF_C + ": unconfined", ONE)).doesNotContain("/spec/securityContext");
    }

    @Test
    void theOldSpellingStaysAsTextBesideTheField() throws IOException {
      assertThat(patch(POD + ": docker/default", ONE)).contains("RuntimeDefault");
      assertThat(mutated(admission, pod(POD + ": docker/default", ONE)).toString())
          .contains("docker/default");
    }

    @Test
    void aFieldIsNotWrittenAnew() throws IOException {
      assertThat(
              patch(
                  POD + ": localhost/a",
                  "securityContext: {seccompProfile: {type: Localhost, localhostProfile: a}},"
                      + " containers: [{name: c}]"))
          .isEqualTo("[" + record("all") + "]");
    }

    @Test
    void aNullIsNoField() throws IOException {
      assertThat(patch(POD + ": unconfined", "securityContext: null, containers: [{name: c}]"))
          .contains("{\"op\":\"add\",\"path\":\"/spec/securityContext\",\"value\":{\"seccomp");
    }

    @Test
    void aRecordOfTheUsersIsOverwritten() throws IOException {
      assertThat(patch("portcullis.dev/policy: forged", ONE)).contains(record("all"));
    }

    @Test
    void withoutAnnotationsTheyAreMade() throws IOException {
      Mapping pod = yaml("{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {" + ONE + "}}");
      assertThat(json(admission.mutate(creation(pod)).response().patch()))
          .contains(
              "{\"op\":\"add\",\"path\":\"/metadata/annotations\",\"value\":"
                  + "{\"portcullis.dev/policy\":\"all\"}}");
    }

    private static final String WINDOWS = "os: {name: windows}, containers: [{name: c}]";
    private static final String FORGED =
        "portcullis.dev/policy: free, portcullis.dev/unconfined: c, portcullis.dev/proven: '[]'";

    /// It gets no field, which the API server would refuse, and no record but the true one.
    @Test
    void aWindowsPodIsJudgedAsUnconfined() throws IOException {
      assertThat(patch(FORGED, WINDOWS))
          .contains(record("all"), "remove", "unconfined", "proven")
          .doesNotContain("seccompProfile");
      Admission strict = cluster(Mode.ENFORCE, policy("base", null, "runtime/default"));
      assertThat(strict.validate(creation(pod("", WINDOWS))).outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void whereItIsBelievedItIsLeftAloneButForAForgedRecord() throws IOException {
      Admission trusting =
          Reviews.cluster(new Leniency(false, true), policy("base", null, "runtime/default"));
      assertThat(trusting.mutate(creation(pod("", WINDOWS))).response().patch()).isEmpty();
      assertThat(trusting.validate(creation(pod("", WINDOWS))).outcome())
          .isEqualTo(Outcome.ALLOWED);
      Mapping forged = pod(FORGED, WINDOWS);
      assertThat(json(trusting.mutate(creation(forged)).response().patch()))
          .contains("policy", "unconfined", "proven")
          .doesNotContain("add");
      for (String part : FORGED.split(", ")) {
        assertThat(trusting.validate(creation(pod(part, WINDOWS))).outcome())
            .isEqualTo(Outcome.REFUSED);
      }
      assertThat(trusting.validate(creation(pod(POD + ": unconfined", WINDOWS))).outcome())
          .isEqualTo(Outcome.REFUSED);
    }

    @Test
    void whoIsPrivilegedIsWrittenDownAsUnconfined() throws IOException {
      assertThat(
              patch("", "containers: [{name: c, securityContext: {privileged: true}}, {name: d}]"))
          .contains(unconfined("c"), "RuntimeDefault")
          .doesNotContain("Unconfined");
    }

    @Test
    void theDefaultOfAPolicyIsApplied() throws IOException {
      Admission with = cluster(Mode.ENFORCE, policy("p", "localhost/d", "localhost/d"));
      assertThat(mutated(with, pod("", ONE)).toString()).contains("localhostProfile");
    }

    @Test
    void aStaticPodsMirrorIsLeftAlone() throws IOException {
      AdmissionRequest users = creation(pod("kubernetes.io/config.mirror: x", ONE));
      AdmissionRequest kubelets =
          new AdmissionRequest(
              "u",
              "pods",
              "",
              "v1",
              "Pod",
              "ns",
              "p",
              Operation.CREATE,
              new User("system:node:n", Set.of("system:nodes"), Map.of()),
              users.object(),
              null);
      assertThat(admission.mutate(kubelets).response().patch()).isEmpty();
      assertThat(admission.validate(kubelets).response().refusal()).isNull();
      assertThat(admission.mutate(users).response().patch()).isNotEmpty();
    }

    @Test
    void whatWillBeRefusedIsNotPatched() throws IOException {
      AdmissionVerdict ruling = admission.mutate(creation(pod(POD + ": localhost/../x", ONE)));
      assertThat(ruling.response().patch()).isEmpty();
      assertThat(ruling.response().refusal()).isNull();
    }
  }

  @Nested
  class Validating {
    private final Admission admission =
        cluster(Mode.ENFORCE, policy("p", null, "localhost/a", "runtime/default"));

    @Test
    void whatIsAllowedPasses() throws IOException {
      Mapping pod = mutated(admission, pod(POD + ": localhost/a", ONE));
      assertThat(admission.validate(creation(pod)).outcome()).isEqualTo(Outcome.ALLOWED);
    }

    @Test
    void whatIsNotAllowedIsRefusedWithReasons() throws IOException {
      AdmissionVerdict ruling = admission.validate(creation(pod(POD + ": localhost/b", ONE)));
      assertThat(ruling.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(refusal(ruling).code()).isEqualTo(403);
      assertThat(refusal(ruling).message())
          .startsWith("pod \"p\" in namespace \"ns\": metadata.annotations." + POD)
          .contains("may not run under localhost/b", "SeccompPolicy \"p\"");
    }

    /// CVE-2023-2431.
    @Test
    void localhostWithoutAPathIsRefused() throws IOException {
      assertThat(admission.validate(creation(pod(POD + ": localhost/", ONE))).outcome())
          .isEqualTo(Outcome.REFUSED);
    }

    /// On a server from 1.27 on, an annotation that nobody made a field of does nothing.
    @Test
    void anAnnotationWithoutItsFieldWouldNotTakeEffect() throws IOException {
      AdmissionVerdict ruling = admission.validate(creation(pod(POD + ": localhost/a", ONE)));
      assertThat(ruling.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(refusal(ruling).message()).contains("its fields name nothing", "is it installed?");
    }

    /// The mutating webhook leaves a pod alone that is refused, so the fields of its other
    /// containers are not written yet, and a record that a user wrote is not erased.
    @ParameterizedTest
    @ValueSource(
        strings = {
          OF_C + ": localhost/a",
          OF_C + ": localhost/a, portcullis.dev/unconfined: c",
          "portcullis.dev/proven: '[]'"
        })
    void oneContainerThatIsRefusedIsTheOnlyReason(String annotations) throws IOException {
      Mapping pod =
          pod(
              annotations,
              "containers: [{name: c}, {name: d, securityContext: {seccompProfile: {type:"
                  + " Unconfined}}}]");
      Mapping passed = mutated(admission, pod);
      AdmissionVerdict ruling = admission.validate(creation(passed));
      assertThat(ruling.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(ruling.reasons())
          .singleElement()
          .asString()
          .startsWith(
              "spec.containers[1].securityContext.seccompProfile: Forbidden: container \"d\"");
    }

    /// kubectl shows the first line of an event.
    @Test
    void theFirstLineHasAReason() throws IOException {
      String unconfined = "securityContext: {seccompProfile: {type: Unconfined}}";
      AdmissionVerdict ruling =
          admission.validate(
              creation(
                  pod("", "containers: [{name: c, %1$s}, {name: d, %1$s}]".formatted(unconfined))));
      assertThat(refusal(ruling).message().lines())
          .satisfies(lines -> {
            assertThat(lines.getFirst())
                .startsWith("pod \"p\" in namespace \"ns\": spec.containers[0].")
                .contains("container \"c\" may not run under unconfined");
            assertThat(lines.get(1))
                .startsWith("also: spec.containers[1].")
                .contains("container \"d\" may not run under unconfined");
            assertThat(lines).noneMatch(String::isBlank);
          });
    }

    @Test
    void anUpdateThatLeavesProfilesAloneIsNotJudged() throws IOException {
      Mapping old = pod(POD + ": localhost/no-longer-allowed", ONE);
      Mapping labelled = pod("app: x, " + POD + ": localhost/no-longer-allowed", ONE);
      assertThat(admission.validate(update(labelled, old)).outcome()).isEqualTo(Outcome.ALLOWED);
    }

    @Test
    void aPrivilegedContainerNeedsMoreThanItsName() throws IOException {
      String field =
          "containers: [{name: c, securityContext: {privileged: true, seccompProfile: {type:"
              + " RuntimeDefault}}}]";
      assertThat(refusal(admission.validate(creation(pod("", field)))).message())
          .contains(
              "container \"c\" is privileged, so it runs unconfined regardless of the profile that"
                  + " it names");
      assertThat(
              Reviews.cluster(new Leniency(true, false), policy("p", null, "runtime/default"))
                  .validate(creation(pod("portcullis.dev/unconfined: c", field)))
                  .outcome())
          .isEqualTo(Outcome.ALLOWED);
    }

    @Test
    void anAnnotationThatARuntimeObeysIsJudgedWheneverItComes() throws IOException {
      String field =
          "containers: [{name: c, securityContext: {allowPrivilegeEscalation: false,"
              + " seccompProfile: {type: RuntimeDefault}}}]";
      Mapping with = pod("run.oci.seccomp_bpf_data: x", field);
      assertThat(admission.validate(creation(with)).outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(admission.validate(update(with, pod("", field))).outcome())
          .isEqualTo(Outcome.REFUSED);
      Admission all = cluster(Mode.ENFORCE, policy("all", null, "*"));
      assertThat(all.validate(creation(with)).outcome()).isEqualTo(Outcome.ALLOWED);
      // Not where the filter would be loaded before rights are dropped.
      String without = field.replace("allowPrivilegeEscalation: false, ", "");
      assertThat(
              all.validate(update(pod("run.oci.seccomp_bpf_data: x", without), pod("", without)))
                  .outcome())
          .isEqualTo(Outcome.REFUSED);
    }

    /// The one annotation below portcullis.dev/ that is the user's, and that a node reads.
    @Test
    void theWishForAProofIsTheUsers() throws IOException {
      String requested = "portcullis.dev/prove: 'true'";
      Mapping wishing = pod(requested, ONE);
      assertThat(json(admission.mutate(creation(wishing)).response().patch()))
          .doesNotContain("prove\"");
      String field =
          "containers: [{name: c, securityContext: {seccompProfile: {type: RuntimeDefault}}}]";
      assertThat(admission.validate(creation(pod(requested, field))).outcome())
          .isEqualTo(Outcome.ALLOWED);
      assertThat(admission.validate(update(pod(requested, field), pod("", field))).outcome())
          .isEqualTo(Outcome.ALLOWED);
      for (String other : List.of("portcullis.dev/proves", "portcullis.dev/prove2")) {
        assertThat(admission.validate(creation(pod(other + ": x", field))).outcome())
            .isEqualTo(Outcome.REFUSED);
      }
    }

    @Test
    void anUpdateOfASeccompAnnotationIsJudged() throws IOException {
      Mapping old = pod("", ONE);
      assertThat(admission.validate(update(pod(OF_C + ": localhost/b", ONE), old)).outcome())
          .isEqualTo(Outcome.REFUSED);
      AdmissionVerdict allowed = admission.validate(update(pod(OF_C + ": localhost/a", ONE), old));
      assertThat(allowed.outcome()).isEqualTo(Outcome.ALLOWED);
      assertThat(allowed.response().warnings()).anyMatch(text -> text.contains("before 1.25"));
    }

    @ParameterizedTest
    @CsvSource({
      "portcullis.dev/unconfined: c, REFUSED",
      "portcullis.dev/unconfined: '', REFUSED",
      "portcullis.dev/unconfined: d, REFUSED",
      "other: c, ALLOWED"
    })
    void aRecordOfMoreThanWasJudgedIsRefused(String annotation, Outcome outcome)
        throws IOException {
      String field =
          "containers: [{name: c, securityContext: {seccompProfile: {type: RuntimeDefault}}}]";
      assertThat(admission.validate(creation(pod(annotation, field))).outcome()).isEqualTo(outcome);
    }

    @Test
    void whatTheMutatingWebhookWroteDownPasses() throws IOException {
      Admission all = cluster(Mode.ENFORCE, policy("all", null, "*"));
      String field =
          "containers: [{name: c, securityContext: {seccompProfile: {type: Unconfined}}}]";
      assertThat(all.validate(creation(pod("portcullis.dev/unconfined: c", field))).outcome())
          .isEqualTo(Outcome.ALLOWED);
      assertThat(all.validate(creation(pod("portcullis.dev/unconfined: 'c,d'", field))).outcome())
          .isEqualTo(Outcome.REFUSED);
    }

    @Test
    void theNamesWithoutAFilterCannotBeForgedLater() throws IOException {
      Mapping old = pod("portcullis.dev/unconfined: c", ONE);
      assertThat(
              admission
                  .validate(update(pod("portcullis.dev/unconfined: 'c,d'", ONE), old))
                  .outcome())
          .isEqualTo(Outcome.REFUSED);
      assertThat(admission.validate(update(pod("", ONE), old)).outcome())
          .isEqualTo(Outcome.REFUSED);
    }

    /// Nodes go by what is there, and by what is not.
    @Test
    void aRecordCannotBeForgedLater() throws IOException {
      Mapping old = pod("portcullis.dev/policy: p", ONE);
      assertThat(admission.validate(update(pod("portcullis.dev/policy: q", ONE), old)).outcome())
          .isEqualTo(Outcome.REFUSED);
      assertThat(admission.validate(update(pod("", ONE), old)).outcome())
          .isEqualTo(Outcome.REFUSED);
      assertThat(admission.validate(update(old, pod("", ONE))).outcome())
          .isEqualTo(Outcome.REFUSED);
      assertThat(
              admission.validate(update(pod("portcullis.dev/policy: p, a: x", ONE), old)).outcome())
          .isEqualTo(Outcome.ALLOWED);
    }

    @Test
    void theNamespaceOfTheRequestCounts() throws IOException {
      Mapping pod =
          yaml(
              "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: elsewhere}, spec: {"
                  + "containers: [{name: c}], securityContext: {seccompProfile: {type:"
                  + " Unconfined}}}}");
      assertThat(refusal(admission.validate(creation(pod))).message())
          .contains("in namespace \"ns\"")
          .doesNotContain("elsewhere");
    }

    @Test
    void deletionsAndOtherSubresourcesArePassedOver() throws IOException {
      Mapping pod = pod(POD + ": localhost/b", ONE);
      for (AdmissionRequest request :
          List.of(
              request("pods", "", "v1", "Pod", Operation.DELETE, pod, pod),
              request("pods", "status", "v1", "Pod", Operation.UPDATE, pod, pod),
              request("configmaps", "", "v1", "ConfigMap", Operation.CREATE, pod, null))) {
        assertThat(admission.validate(request).outcome()).isEqualTo(Outcome.PASSED_OVER);
        assertThat(admission.mutate(request).outcome()).isEqualTo(Outcome.PASSED_OVER);
      }
    }

    @Test
    void aThousandContainersHaveAShortAnswer() throws IOException {
      StringBuilder containers = new StringBuilder();
      for (int i = 0; i < 1000; i++) {
        containers
            .append("{name: c")
            .append(i)
            .append(", securityContext: {seccompProfile: {type: Unconfined}}},");
      }
      AdmissionVerdict ruling =
          admission.validate(creation(pod("", "containers: [" + containers + "]")));
      assertThat(refusal(ruling).message())
          .contains("\nand 990 more reasons\n")
          .hasSizeLessThan(10_000);
    }
  }

  @Nested
  class Ephemeral {
    private static final String OLD =
        "containers: [{name: c, securityContext: {seccompProfile: {type: Localhost,"
            + " localhostProfile: a}}}]";

    private final Admission admission =
        cluster(Mode.ENFORCE, policy("p", null, "localhost/a", "runtime/default"));

    private static AdmissionRequest debug(String annotations, String container) {
      return request(
          "pods",
          "ephemeralcontainers",
          "v1",
          "Pod",
          Operation.UPDATE,
          pod(annotations, OLD + ", ephemeralContainers: [{name: old}, " + container + "]"),
          pod(annotations, OLD + ", ephemeralContainers: [{name: old}]"));
    }

    @Test
    void aNewOneGetsTheDefaultForItself() throws IOException {
      AdmissionVerdict ruling = admission.mutate(debug("", "{name: d}"));
      assertThat(json(ruling.response().patch()))
          .isEqualTo(
              "[{\"op\":\"add\",\"path\":\"/spec/ephemeralContainers/1/securityContext\",\"value\":"
                  + "{\"seccompProfile\":{\"type\":\"RuntimeDefault\"}}}]");
    }

    @Test
    void itsAnnotationBecomesItsField() throws IOException {
      String annotation = "container.seccomp.security.alpha.kubernetes.io/d: localhost/a";
      assertThat(json(admission.mutate(debug(annotation, "{name: d}")).response().patch()))
          .contains("/spec/ephemeralContainers/1/securityContext", "\"localhostProfile\":\"a\"");
    }

    @Test
    void oneThatIsNotAllowedIsRefused() throws IOException {
      String own = "{name: d, securityContext: {seccompProfile: {type: %s}}}";
      assertThat(admission.validate(debug("", own.formatted("Unconfined"))).outcome())
          .isEqualTo(Outcome.REFUSED);
      assertThat(admission.validate(debug("", own.formatted("RuntimeDefault"))).outcome())
          .isEqualTo(Outcome.ALLOWED);
    }

    @Test
    void whatThePodHasAlreadyIsNotJudgedAgain() throws IOException {
      Admission stricter = cluster(Mode.ENFORCE, policy("p", null, "runtime/default"));
      assertThat(
              stricter
                  .validate(
                      debug(
                          "",
                          "{name: d, securityContext: {seccompProfile: {type: RuntimeDefault}}}"))
                  .outcome())
          .isEqualTo(Outcome.ALLOWED);
    }

    /// Of the pod only what is for the new container is said: its other annotations have the
    /// containers that they name, which the user who debugs it did not make.
    @Test
    void theAnnotationsOfOtherContainersAreNotWarnedOf() throws IOException {
      String own = "{name: d, securityContext: {seccompProfile: {type: RuntimeDefault}}}";
      String key = "container.seccomp.security.alpha.kubernetes.io/";
      String others =
          key + "c: localhost/a, " + key + "old: localhost/a, " + key.toUpperCase(Locale.ROOT);
      AdmissionVerdict ruling = admission.validate(debug(others + "c: localhost/a", own));
      assertThat(ruling.outcome()).isEqualTo(Outcome.ALLOWED);
      assertThat(ruling.response().warnings()).isEmpty();
      assertThat(admission.validate(debug(key + "e: localhost/a", own)).response().warnings())
          .singleElement()
          .asString()
          .contains("the pod has no container \"e\"");
    }

    /// Kubernetes 1.20 sends the containers alone, and lets none have a profile of its own.
    @Test
    void onOldServersThePodIsAskedFor() throws IOException {
      Mapping alone =
          yaml(
              "{apiVersion: v1, kind: EphemeralContainers, metadata: {name: p},"
                  + " ephemeralContainers: [{name: d}]}");
      Mapping none =
          yaml(
              "{apiVersion: v1, kind: EphemeralContainers, metadata: {name: p},"
                  + " ephemeralContainers: []}");
      AdmissionRequest request =
          request(
              "pods",
              "ephemeralcontainers",
              "v1",
              "EphemeralContainers",
              Operation.UPDATE,
              alone,
              none);
      assertThat(old(pod("", OLD)).mutate(request).response().patch()).isEmpty();
      assertThat(refusal(old(pod("", OLD)).validate(request)).message())
          .contains("before Kubernetes 1.23");
      Mapping inherits =
          pod(
              "",
              "containers: [{name: c}], securityContext: {seccompProfile: {type:"
                  + " RuntimeDefault}}");
      assertThat(old(inherits).validate(request).outcome()).isEqualTo(Outcome.ALLOWED);
      Mapping annotated =
          pod(
              OF_C + ": localhost/a",
              "containers: [{name: c}], securityContext: {seccompProfile: {type:"
                  + " RuntimeDefault}}");
      assertThat(old(annotated).validate(request).response().warnings()).isEmpty();
    }

    /// The record is the pod's own, from when it was admitted; and before 1.22 the review has no
    /// place where a patch could find it.
    @ParameterizedTest
    @EnumSource(names = {"WARN", "AUDIT"})
    void theRecordOfAPodThatExistsStaysWhereNothingIsEnforced(Mode mode) throws IOException {
      Admission looking = cluster(mode, policy("p", null, "localhost/a", "runtime/default"));
      assertThat(looking.mutate(debug("portcullis.dev/policy: p", "{name: d}")).response().patch())
          .isEmpty();
    }

    private static Admission old(Mapping stored) {
      return new Admission(
          new Admission.Sources(
              () -> Policies.of(List.of(policy("p", null, "localhost/a", "runtime/default"))),
              Grants.known((_, _, _) -> true),
              _ -> null,
              (_, _) -> stored,
              List::of,
              Admission.Contents.unknown()),
          new Scope(Mode.ENFORCE, Set.of(), Set.of(), Set.of()),
          ProfileName.RUNTIME_DEFAULT,
          Leniency.NONE);
    }
  }

  @Nested
  class OfTemplates {
    private static final String FORM =
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: d%s}, spec: {replicas: %d,"
            + " template: {metadata: {annotations: {"
            + POD
            + ": %s}}, spec: {containers: [{name:"
            + " c}]}}}}";

    private final Admission admission = cluster(Mode.ENFORCE, policy("p", null, "localhost/a"));

    private static AdmissionRequest deployment(String profile, @Nullable Mapping old) {
      return request(
          "deployments",
          "",
          "apps/v1",
          "Deployment",
          old == null ? Operation.CREATE : Operation.UPDATE,
          yaml(FORM.formatted("", 2, profile)),
          old);
    }

    @Test
    void whoseAreRefusedLaterIsWarnedNow() throws IOException {
      AdmissionVerdict ruling = admission.templates(deployment("localhost/b", null));
      assertThat(ruling.response().refusal()).isNull();
      assertThat(ruling.outcome()).isEqualTo(Outcome.WOULD_REFUSE);
      assertThat(ruling.response().warnings())
          .satisfiesExactly(
              warning ->
                  assertThat(warning)
                      .startsWith(
                          "the pods of this Deployment will be refused:"
                              + " spec.template.metadata.annotations."
                              + POD
                              + ": Forbidden: "),
              without -> assertThat(without).startsWith("help: name localhost/a"),
              grant -> assertThat(grant).startsWith("help: an administrator can run: "));
      assertThat(admission.templates(deployment("localhost/a", null)).response().warnings())
          .isEmpty();
    }

    @Test
    void scalingIsNoReasonToRepeatIt() throws IOException {
      Mapping old = yaml(FORM.formatted("", 1, "localhost/b"));
      assertThat(admission.templates(deployment("localhost/b", old)).response().warnings())
          .isEmpty();
      Mapping other = yaml(FORM.formatted("", 1, "localhost/c"));
      assertThat(admission.templates(deployment("localhost/b", other)).response().warnings())
          .isNotEmpty();
    }

    @Test
    void whatAControllerMadeIsPassedOver() throws IOException {
      AdmissionRequest request =
          request(
              "deployments",
              "",
              "apps/v1",
              "Deployment",
              Operation.CREATE,
              yaml(
                  FORM.formatted(
                      ", ownerReferences: [{kind: Foo, name: f, controller: true}]",
                      1,
                      "localhost/b")),
              null);
      assertThat(admission.templates(request).outcome()).isEqualTo(Outcome.PASSED_OVER);
    }
  }

  @Nested
  class Modes {
    private final Mapping refused = pod(POD + ": localhost/b", ONE);

    private Admission in(Mode mode) {
      return cluster(mode, policy("p", null, "runtime/default"));
    }

    @Test
    void warningSaysWhatEnforcingWouldDo() throws IOException {
      AdmissionVerdict ruling = in(Mode.WARN).validate(creation(refused));
      assertThat(ruling.response().refusal()).isNull();
      assertThat(ruling.outcome()).isEqualTo(Outcome.WOULD_REFUSE);
      assertThat(ruling.response().warnings().getFirst())
          .startsWith("Portcullis in enforce mode would refuse this: ");
    }

    @Test
    void auditingTellsTheAuditLogAlone() throws IOException {
      AdmissionVerdict ruling = in(Mode.AUDIT).validate(creation(refused));
      assertThat(ruling.response().refusal()).isNull();
      assertThat(ruling.response().warnings()).isEmpty();
      assertThat(ruling.response().auditAnnotations()).containsOnlyKeys("would-refuse");
    }

    @ParameterizedTest
    @EnumSource(names = {"WARN", "AUDIT"})
    void nothingIsSetAndWhatWouldBeIsSaid(Mode mode) throws IOException {
      AdmissionVerdict ruling = in(mode).mutate(creation(pod("", ONE)));
      assertThat(ruling.outcome()).isEqualTo(Outcome.WOULD_PATCH);
      assertThat(ruling.response().patch()).isEmpty();
      assertThat(ruling.response().auditAnnotations())
          .containsEntry("would-set", "spec.securityContext.seccompProfile: runtime/default");
      assertThat(ruling.response().warnings()).hasSize(mode == Mode.WARN ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"WARN", "AUDIT"})
    void aForgedRecordIsTakenAway(Mode mode) throws IOException {
      Mapping forged = pod("portcullis.dev/unconfined: c, portcullis.dev/policy: x", ONE);
      assertThat(json(in(mode).mutate(creation(forged)).response().patch()))
          .isEqualTo(
              "[{\"op\":\"remove\",\"path\":\"/metadata/annotations/portcullis.dev~1policy\"},"
                  + "{\"op\":\"remove\",\"path\":\"/metadata/annotations/portcullis.dev~1unconfined\"}]");
    }

    @Test
    void offDoesNothing() throws IOException {
      assertThat(in(Mode.OFF).validate(creation(refused)).outcome()).isEqualTo(Outcome.PASSED_OVER);
      assertThat(in(Mode.OFF).mutate(creation(pod("", ONE))).outcome())
          .isEqualTo(Outcome.PASSED_OVER);
    }

    @Test
    void theNamespacesLabelWins() throws IOException {
      Scope scope = new Scope(Mode.ENFORCE, Set.of(), Set.of(), Set.of());
      assertThat(cluster(scope, "warn").validate(creation(refused)).outcome())
          .isEqualTo(Outcome.WOULD_REFUSE);
      assertThat(
              cluster(new Scope(Mode.OFF, Set.of(), Set.of(), Set.of()), "enforce")
                  .validate(creation(refused))
                  .outcome())
          .isEqualTo(Outcome.REFUSED);
    }

    @Test
    void aSlipInTheLabelEnforcesAndIsSaid() throws IOException {
      Scope scope = new Scope(Mode.AUDIT, Set.of(), Set.of(), Set.of());
      AdmissionVerdict ruling = cluster(scope, "wran").validate(creation(refused));
      assertThat(ruling.outcome()).isEqualTo(Outcome.REFUSED);
      assertThat(ruling.response().warnings().getFirst()).contains("\"wran\"", "not a mode");
    }

    @Test
    void exemptionsAreLeftAlone() throws IOException {
      AdmissionRequest request =
          creation(pod(POD + ": localhost/b", "runtimeClassName: kata, containers: [{name: c}]"));
      for (Scope scope :
          List.of(
              new Scope(Mode.ENFORCE, Set.of("ns"), Set.of(), Set.of()),
              new Scope(Mode.ENFORCE, Set.of(), Set.of("alice"), Set.of()),
              new Scope(Mode.ENFORCE, Set.of(), Set.of(), Set.of("kata")))) {
        assertThat(cluster(scope, null).validate(request).outcome()).isEqualTo(Outcome.PASSED_OVER);
      }
      Scope others = new Scope(Mode.ENFORCE, Set.of("n"), Set.of("bob"), Set.of("gvisor"));
      assertThat(cluster(others, null).validate(request).outcome()).isEqualTo(Outcome.REFUSED);
    }
  }

  @Nested
  class Undecided {
    private static Admission silent(Mode mode) {
      return new Admission(
          new Admission.Sources(
              () -> Policies.of(List.of(policy("p", null, "runtime/default"))),
              (_, policies, _) -> new Grants.Answers(Set.of(), Set.copyOf(policies), "no answer"),
              _ -> null,
              (_, _) -> pod("", ONE),
              List::of,
              Admission.Contents.unknown()),
          new Scope(mode, Set.of(), Set.of(), Set.of()),
          ProfileName.RUNTIME_DEFAULT,
          Leniency.NONE);
    }

    @Test
    void isRefusedAndNoForbidden() throws IOException {
      for (AdmissionVerdict ruling :
          List.of(
              silent(Mode.ENFORCE).mutate(creation(pod("", ONE))),
              silent(Mode.ENFORCE).validate(creation(pod("", ONE))))) {
        assertThat(ruling.outcome()).isEqualTo(Outcome.UNDECIDED);
        assertThat(refusal(ruling).code()).isEqualTo(500);
        assertThat(refusal(ruling).message()).contains("cannot decide", "no answer");
      }
    }

    @Test
    void isNoObstacleWhereNothingIsEnforced() throws IOException {
      AdmissionVerdict ruling = silent(Mode.WARN).validate(creation(pod("", ONE)));
      assertThat(ruling.outcome()).isEqualTo(Outcome.UNDECIDED);
      assertThat(ruling.response().refusal()).isNull();
    }

    @Test
    void aNamespaceOfUnknownModeIsAFailure() {
      Admission admission =
          new Admission(
              new Admission.Sources(
                  () -> Policies.NONE,
                  Grants.known((_, _, _) -> true),
                  _ -> {
                    throw new IOException("no answer");
                  },
                  (_, _) -> pod("", ONE),
                  List::of,
                  Admission.Contents.unknown()),
              new Scope(Mode.OFF, Set.of(), Set.of(), Set.of()),
              ProfileName.RUNTIME_DEFAULT,
              Leniency.NONE);
      assertThatThrownBy(() -> admission.validate(creation(pod("", ONE))))
          .isInstanceOf(IOException.class)
          .hasMessage("no answer");
    }
  }
}
