package dev.portcullis.pods.decide;

import static dev.portcullis.pods.Manifests.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.spec.Pod;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarningsTest {
  private static final String ONE = "containers: [{name: web}]";

  @Test
  void nothingToSay() {
    assertThat(
            warnings(pod("", ONE + "\nsecurityContext: {seccompProfile: {type: RuntimeDefault}}")))
        .isEmpty();
  }

  @Test
  void anAnnotationForAContainerThatDoesNotExist() {
    assertThat(warnings(pod("container.seccomp.security.alpha.kubernetes.io/wbe: unconfined", ONE)))
        .containsExactly(
            "metadata.annotations.container.seccomp.security.alpha.kubernetes.io/wbe: the pod has"
                + " no container \"wbe\"; did you mean \"web\"?");
  }

  /// Trap 53: Kubernetes warns of a container's annotation even if the pod has a field.
  @Test
  void annotationsThatKubernetesIgnores() {
    assertThat(
            warnings(
                pod(
                    "container.seccomp.security.alpha.kubernetes.io/web: unconfined",
                    ONE + "\nsecurityContext: {seccompProfile: {type: RuntimeDefault}}")))
        .singleElement()
        .asString()
        .contains("Kubernetes 1.27 and later ignore this annotation");
    assertThat(
            warnings(
                pod(
                    "seccomp.security.alpha.kubernetes.io/pod: runtime/default",
                    ONE + "\nsecurityContext: {seccompProfile: {type: RuntimeDefault}}")))
        .isEmpty();
  }

  @Test
  void privilegedContainers() {
    assertThat(warnings(pod("", "containers: [{name: c, securityContext: {privileged: true}}]")))
        .containsExactly(
            "spec.containers[0]: a privileged container runs unconfined, regardless of the profile"
                + " that it names, and counts as unconfined");
  }

  @Test
  void theOldSpelling() {
    assertThat(warnings(pod("seccomp.security.alpha.kubernetes.io/pod: docker/default", ONE)))
        .anyMatch(warning -> warning.contains("docker/default is the old spelling"));
  }

  @Test
  void slips() {
    assertThat(warnings(pod("seccomp.security.alpha.kubernetes.io/Pod: unconfined", ONE)))
        .singleElement()
        .asString()
        .contains("is not a seccomp annotation");
    assertThat(
            warnings(pod("", ONE + "\nsecurityContext: {seccompprofile: {type: RuntimeDefault}}")))
        .containsExactly(
            "spec.securityContext: unknown field \"seccompprofile\"; did you mean"
                + " \"seccompProfile\"?");
    assertThat(warnings(pod("", "containers: [{name: c, seccompProfile: {type: x}}]")))
        .singleElement()
        .asString()
        .contains("move it into securityContext");
  }

  @Test
  void whereAnnotationsWorkNobodyIsToldThatTheyMayNot() {
    Pod pod = pod("seccomp.security.alpha.kubernetes.io/pod: unconfined", ONE);
    assertThat(warnings(pod)).hasSize(1);
    assertThat(Warnings.of(pod, Judge.Place.CLUSTER, Leniency.NONE)).isEmpty();
  }

  private static List<String> warnings(Pod pod) {
    return Warnings.of(pod, Judge.Place.FILE, Leniency.NONE);
  }
}
