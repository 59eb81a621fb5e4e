package dev.portcullis.admission.ruling;

import static dev.portcullis.admission.ruling.Reviews.cluster;
import static dev.portcullis.admission.ruling.Reviews.pod;
import static dev.portcullis.admission.ruling.Reviews.policy;
import static dev.portcullis.admission.ruling.Reviews.request;
import static dev.portcullis.admission.ruling.Reviews.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.admission.review.AdmissionRequest;
import dev.portcullis.admission.review.AdmissionRequest.Operation;
import dev.portcullis.admission.ruling.AdmissionVerdict.Outcome;
import dev.portcullis.documents.Mapping;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The ways to a pod's metadata beside the pod.
class IndirectTest {
  private static final String SPEC = "containers: [{name: c}]";
  private static final String KEPT = "portcullis.dev/policy: p, app: a";

  private static final List<String> MATTER =
      List.of(
          "portcullis.dev/policy",
          "portcullis.dev/unconfined",
          "portcullis.dev/proven",
          "portcullis.dev/later",
          "seccomp.security.alpha.kubernetes.io/pod",
          "container.seccomp.security.alpha.kubernetes.io/c",
          "run.oci.seccomp_bpf_data",
          "seccomp-profile.crio.io/POD");

  private final Admission admission = cluster(Mode.ENFORCE, policy("all", null, "*"));

  private static AdmissionRequest update(String subresource, Mapping now, Mapping old) {
    return request("pods", subresource, "v1", "Pod", Operation.UPDATE, now, old);
  }

  private static Mapping binding(String metadata) {
    return yaml(
        "{apiVersion: v1, kind: Binding, metadata: {name: p"
            + metadata
            + "}, target: {kind: Node, name: n}}");
  }

  private static List<AdmissionRequest> bindings(String metadata) {
    return List.of(
        request("pods", "binding", "v1", "Binding", Operation.CREATE, binding(metadata), null),
        request("bindings", "", "v1", "Binding", Operation.CREATE, binding(metadata), null));
  }

  /// Everybody may use everything here: it is the way that is refused.
  @ParameterizedTest
  @ValueSource(strings = {"status", "resize", "of-a-later-version"})
  void setsChangesAndTakesAwayNothingThatMatters(String subresource) throws IOException {
    Mapping old = pod(KEPT, SPEC);
    for (String annotation : MATTER) {
      Mapping with = pod("app: a, " + annotation + ": x", SPEC);
      Mapping without = pod("app: a", SPEC);
      Mapping other = pod("app: a, " + annotation + ": z", SPEC);
      for (AdmissionRequest request :
          List.of(
              update(subresource, with, without),
              update(subresource, without, with),
              update(subresource, other, with))) {
        AdmissionVerdict ruling = admission.validate(request);
        assertThat(ruling.outcome()).as("%s", request).isEqualTo(Outcome.REFUSED);
        assertThat(Objects.requireNonNull(ruling.response().refusal()).message())
            .startsWith("pod \"p\" in namespace \"ns\": metadata.annotations.")
            .contains("cannot be changed through pods/" + subresource);
      }
      assertThat(admission.validate(update(subresource, with, with)).outcome())
          .isEqualTo(Outcome.PASSED_OVER);
    }
    Mapping labelled =
        yaml(
            "{metadata: {name: p, labels: {portcullis.dev/proven: 'true'}}, spec: {" + SPEC + "}}");
    assertThat(admission.validate(update(subresource, labelled, old)).outcome())
        .isEqualTo(Outcome.REFUSED);
    assertThat(admission.validate(update(subresource, old, labelled)).outcome())
        .isEqualTo(Outcome.REFUSED);
  }

  /// Network plugins write annotations by way of the status.
  @Test
  void whatDoesNotMatterPasses() throws IOException {
    Mapping old = pod(KEPT, SPEC);
    Mapping now = pod("portcullis.dev/policy: p, app: b, example.com/address: 10.0.0.1", SPEC);
    assertThat(admission.validate(update("status", now, old)).outcome())
        .isEqualTo(Outcome.PASSED_OVER);
  }

  @Test
  void aBindingBringsNothingThatMatters() throws IOException {
    for (String annotation : MATTER) {
      for (AdmissionRequest request : bindings(", annotations: {" + annotation + ": x}")) {
        assertThat(admission.validate(request).outcome()).isEqualTo(Outcome.REFUSED);
      }
    }
    for (AdmissionRequest request : bindings(", labels: {portcullis.dev/proven: 'true'}")) {
      assertThat(admission.validate(request).outcome()).isEqualTo(Outcome.REFUSED);
    }
    // What an old object has beside it is of no account: there is none when a Binding is made.
    Mapping forged = binding(", annotations: {portcullis.dev/unconfined: c}");
    assertThat(
            admission
                .validate(
                    request("pods", "binding", "v1", "Binding", Operation.CREATE, forged, forged))
                .outcome())
        .isEqualTo(Outcome.REFUSED);
    for (String metadata :
        List.of("", ", annotations: {a: b}", ", labels: {topology.kubernetes.io/zone: z}")) {
      for (AdmissionRequest request : bindings(metadata)) {
        assertThat(admission.validate(request).outcome()).isEqualTo(Outcome.PASSED_OVER);
      }
    }
  }

  @Test
  void theModeAndTheExemptionsCount() throws IOException {
    AdmissionRequest request =
        update("status", pod("portcullis.dev/unconfined: c", SPEC), pod("", SPEC));
    assertThat(cluster(Mode.WARN).validate(request).outcome()).isEqualTo(Outcome.WOULD_REFUSE);
    assertThat(cluster(Mode.OFF).validate(request).outcome()).isEqualTo(Outcome.PASSED_OVER);
    Scope exempt = new Scope(Mode.ENFORCE, Set.of(), Set.of("alice"), Set.of());
    assertThat(cluster(exempt, null).validate(request).outcome()).isEqualTo(Outcome.PASSED_OVER);
  }

  /// Where nobody answers: kubelets must not wait for it.
  @Test
  void whatChangesNothingNeedsNobody() throws IOException {
    Mapping pod = pod(KEPT, SPEC);
    Admission alone = cluster(Mode.ENFORCE);
    assertThat(alone.validate(update("status", pod, pod)).outcome()).isEqualTo(Outcome.PASSED_OVER);
  }
}
