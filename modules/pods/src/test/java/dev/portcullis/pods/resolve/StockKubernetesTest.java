package dev.portcullis.pods.resolve;

import static dev.portcullis.pods.Manifests.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.pods.resolve.StockKubernetes.Outcome;
import dev.portcullis.pods.spec.Pod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StockKubernetesTest {
  private static String outcome(int minor, boolean seccompDefault, Pod pod) {
    return switch (new StockKubernetes(minor, seccompDefault)
        .outcome(pod, pod.spec().containers().getFirst())) {
      case Outcome.Runs runs -> runs.profile().text() + " " + runs.reason().text();
      case Outcome.DoesNotRun() -> "does not run";
    };
  }

  private static Pod naming(
      String containerField, String containerKey, String podField, String podKey) {
    return pod(
        (containerKey.isEmpty()
                ? ""
                : "container.seccomp.security.alpha.kubernetes.io/c: " + containerKey + "\n")
            + (podKey.isEmpty()
                ? ""
                : "seccomp.security.alpha.kubernetes.io/pod: " + podKey + "\n"),
        "securityContext: {seccompProfile: %s}\ncontainers: [{name: c, securityContext: {seccompProfile: %s}}]"
            .formatted(
                podField.isEmpty() ? "null" : podField,
                containerField.isEmpty() ? "null" : containerField));
  }

  /// RD is a field of type RuntimeDefault, EMPTY one of type Localhost with an empty path.
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # minor, seccompDefault, container field, its annotation, pod field, its annotation, outcome
          36, false, '', '',                '', '',                unconfined no-profile
          36, true,  '', '',                '', '',                runtime/default seccomp-default
          20, false, '', '',                '', '',                unconfined no-profile
          36, false, '', localhost/a,       '', '',                unconfined annotation-ignored
          36, true,  '', localhost/a,       '', '',                runtime/default annotation-ignored
          27, false, '', '',                '', runtime/default,   unconfined annotation-ignored
          26, false, '', '',                '', runtime/default,   runtime/default pod-annotation
          24, false, '', localhost/a,       '', runtime/default,   localhost/a container-annotation
          36, false, '', localhost/a,       RD, '',                runtime/default annotation-ignored
          26, false, '', localhost/a,       RD, '',                localhost/a container-annotation
          36, true,  '', unconfined,        '', '',                runtime/default annotation-ignored
          36, false, RD, runtime/default,   '', localhost/a,       runtime/default container-field
          36, false, RD, localhost/a,       '', '',                does not run
          36, false, '', '',                RD, runtime/default,   runtime/default pod-field
          36, false, '', '',                RD, localhost/a,       does not run
          36, false, '', docker/default,    '', '',                unconfined annotation-ignored
          20, false, '', docker/default,    '', '',                runtime/default container-annotation
          36, false, '', junk,              RD, '',                does not run
          20, false, '', junk,              RD, '',                does not run
          36, false, EMPTY, '',             '', '',                does not run
          26, false, EMPTY, '',             '', '',                unconfined empty-path
          36, false, '', '',                EMPTY, '',             does not run
          36, false, '', localhost/,        RD, '',                runtime/default annotation-ignored
          25, false, '', localhost/,        '', '',                unconfined annotation-ignored
          24, false, '', localhost/,        '', '',                unconfined empty-path
          25, true,  '', localhost/,        '', unconfined,        unconfined pod-annotation
          25, true,  '', localhost/,        '', localhost/a,       localhost/a pod-annotation
          25, true,  '', localhost/,        '', localhost/,        runtime/default annotation-ignored
          25, true,  '', localhost/,        '', junk,              does not run
          """)
  void whatAContainerRunsUnder(
      int minor,
      boolean seccompDefault,
      String containerField,
      String containerKey,
      String podField,
      String podKey,
      String outcome) {
    assertThat(
            outcome(
                minor,
                seccompDefault,
                naming(field(containerField), containerKey, field(podField), podKey)))
        .isEqualTo(outcome);
  }

  private static String field(String word) {
    return switch (word) {
      case "RD" -> "{type: RuntimeDefault}";
      case "EMPTY" -> "{type: Localhost, localhostProfile: \"\"}";
      default -> word;
    };
  }

  @Test
  void aPrivilegedContainerHasNoFilter() {
    Pod pod =
        pod(
            "",
            "securityContext: {seccompProfile: {type: RuntimeDefault}}\n"
                + "containers: [{name: c, securityContext: {privileged: true}}]");
    assertThat(outcome(36, true, pod)).isEqualTo("unconfined privileged");
  }

  @Test
  void anInvalidPodDoesNotRun() {
    assertThat(outcome(36, false, pod("", "containers: [{name: C_}]"))).isEqualTo("does not run");
  }

  /// The runtime takes another filter, or none, where its configuration lets the annotation
  /// through.
  @Test
  void anAnnotationOfARuntimeMayTakeTheFilterAway() {
    Pod pod =
        pod(
            "run.oci.seccomp_bpf_data: BgAAAAAA/38=",
            "securityContext: {seccompProfile: {type: RuntimeDefault}}\ncontainers: [{name: c}]");
    assertThat(outcome(36, true, pod)).isEqualTo("unconfined runtime-annotation");
  }

  /// Kubernetes takes annotations of a Windows pod, which Portcullis refuses.
  @Test
  void windowsHasNoSeccomp() {
    Pod pod =
        pod(
            "seccomp.security.alpha.kubernetes.io/pod: runtime/default",
            "os: {name: windows}\ncontainers: [{name: c}]");
    assertThat(outcome(36, true, pod)).isEqualTo("unconfined windows");
  }

  @Test
  void onlyWhatIsKnown() {
    assertThatThrownBy(() -> new StockKubernetes(19, false)).hasMessageContaining("1.19");
    assertThatThrownBy(() -> new StockKubernetes(37, false)).hasMessageContaining("1.37");
    assertThatThrownBy(() -> new StockKubernetes(21, true)).hasMessageContaining("seccompDefault");
  }
}
