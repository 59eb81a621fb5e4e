package dev.portcullis.pods.spec;

import static dev.portcullis.pods.Manifests.kinds;
import static dev.portcullis.pods.Manifests.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.object.FieldError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeccompValidationTest {
  private static final String POD_FIELD = "spec.securityContext.seccompProfile";
  private static final String CONTAINER_FIELD = "spec.containers[0].securityContext.seccompProfile";

  private static Pod withPodField(String field) {
    return pod("", "containers: [{name: c}]\nsecurityContext: {seccompProfile: " + field + "}");
  }

  private static Pod withBoth(String annotation, String field) {
    return pod(
        "seccomp.security.alpha.kubernetes.io/pod: \"" + annotation + "\"",
        "containers: [{name: c}]\nsecurityContext: {seccompProfile: " + field + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type: Unconfined}",
        "{type: RuntimeDefault}",
        "{type: Localhost, localhostProfile: a/b.json}",
        "{type: Localhost, localhostProfile: ''}",
        "{type: RuntimeDefault, localhostProfile: null}",
      })
  void fieldsThatKubernetesTakes(String field) {
    assertThat(withPodField(field).errors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                          | REQUIRED      | .type",
        "{type: ''}                                  | REQUIRED      | .type",
        "{type: unconfined}                          | NOT_SUPPORTED | .type",
        "{type: Localhost}                           | REQUIRED      | .localhostProfile",
        "{type: Localhost, localhostProfile: null}   | REQUIRED      | .localhostProfile",
        "{type: Localhost, localhostProfile: /x}     | INVALID       | .localhostProfile",
        "{type: Localhost, localhostProfile: a/../x} | INVALID       | .localhostProfile",
        "{type: Unconfined, localhostProfile: ''}    | INVALID       | .localhostProfile",
      },
      quoteCharacter = '~')
  void fieldsThatItRefuses(String field, FieldError.Kind kind, String part) {
    assertThat(kinds(withPodField(field).errors())).containsExactly(kind + " " + POD_FIELD + part);
  }

  @Test
  void aBadTypeWithAProfileIsTwoErrors() {
    assertThat(withPodField("{type: Abc, localhostProfile: x}").errors()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "unconfined|{type: Unconfined}",
        "runtime/default|{type: RuntimeDefault}",
        "docker/default|{type: RuntimeDefault}",
        "localhost/a|{type: Localhost, localhostProfile: a}",
        "localhost/|{type: Localhost, localhostProfile: ''}",
      })
  void annotationAndFieldThatAgree(String annotation, String field) {
    assertThat(withBoth(annotation, field).errors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "unconfined      | {type: RuntimeDefault}                 | .type",
        "runtime/default | {type: Unconfined}                     | .type",
        "runtime/default | {type: Localhost, localhostProfile: a} | .type",
        "localhost/a     | {type: Localhost, localhostProfile: b} | .localhostProfile",
        // Trap 4: compared as text.
        "localhost/./a   | {type: Localhost, localhostProfile: a} | .localhostProfile",
      })
  void annotationAndFieldThatDisagree(String annotation, String field, String part) {
    assertThat(kinds(withBoth(annotation, field).errors()))
        .containsExactly("FORBIDDEN " + POD_FIELD + part);
  }

  @Test
  void anEmptyAnnotationIsInvalidAndMatchesNothing() {
    assertThat(withBoth("", "{type: Unconfined}").errors()).hasSize(2);
  }

  /// Trap 10: the levels are never compared with each other.
  @Test
  void levelsNeverCross() {
    Pod pod =
        pod(
            "seccomp.security.alpha.kubernetes.io/pod: unconfined",
            "containers: [{name: c, securityContext: {seccompProfile: {type: RuntimeDefault}}}]");
    assertThat(pod.errors()).isEmpty();
  }

  @Test
  void theContainersLevelIsComparedByName() {
    Pod pod =
        pod(
            """
            container.seccomp.security.alpha.kubernetes.io/c: unconfined
            container.seccomp.security.alpha.kubernetes.io/d: unconfined
            """,
            "containers: [{name: c, securityContext: {seccompProfile: {type: RuntimeDefault}}}]");
    assertThat(kinds(pod.errors())).containsExactly("FORBIDDEN " + CONTAINER_FIELD + ".type");
  }

  /// Trap 6: keys are judged by their prefix, also where no such container exists.
  @Test
  void theValueForAnUnknownContainerIsJudged() {
    Pod pod =
        pod(
            "container.seccomp.security.alpha.kubernetes.io/nobody: localhost/../x",
            "containers: [{name: c}]");
    assertThat(kinds(pod.errors()))
        .containsExactly(
            "INVALID metadata.annotations.container.seccomp.security.alpha.kubernetes.io/nobody");
  }

  /// Trap 14: Kubernetes 1.20 lets a StatefulSet's template pass and refuses its pods.
  @Test
  void statefulSetsAreJudgedLikeAllTemplates() {
    Pod pod =
        pod(
            """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: s}
            spec:
              template:
                spec:
                  securityContext: {seccompProfile: {type: Localhost}}
                  containers: [{name: c}]
            """);
    assertThat(kinds(pod.errors()))
        .containsExactly(
            "REQUIRED spec.template.spec.securityContext.seccompProfile.localhostProfile");
  }

  @Test
  void aWindowsPodHasNoSeccompField() {
    Pod pod =
        pod(
            "",
            "os: {name: windows}\ncontainers: [{name: c}]\n"
                + "securityContext: {seccompProfile: {type: RuntimeDefault}}");
    assertThat(kinds(pod.errors())).containsExactly("FORBIDDEN " + POD_FIELD);
  }
}
