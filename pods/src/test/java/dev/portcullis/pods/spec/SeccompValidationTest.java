package dev.portcullis.pods.spec;

import static dev.portcullis.pods.Manifests.pod;
import static dev.portcullis.pods.Manifests.texts;
import static org.assertj.core.api.Assertions.assertThat;

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
        "{}|.type: Required value: type is required when seccompProfile is set",
        "{type: ''}|.type: Required value: type is required when seccompProfile is set",
        "{type: unconfined}|.type: Unsupported value: \"unconfined\": supported values:"
            + " \"Localhost\", \"RuntimeDefault\", \"Unconfined\"",
        "{type: Localhost}|.localhostProfile: Required value: must be set when seccomp type is"
            + " Localhost",
        "{type: Localhost, localhostProfile: null}|.localhostProfile: Required value: must be set"
            + " when seccomp type is Localhost",
        "{type: Localhost, localhostProfile: /x}|.localhostProfile: Invalid value: \"/x\": must be"
            + " a relative path",
        "{type: Localhost, localhostProfile: a/../x}|.localhostProfile: Invalid value:"
            + " \"a/../x\": must not contain '..'",
        "{type: Unconfined, localhostProfile: ''}|.localhostProfile: Invalid value:"
            + " {\"type\":\"Unconfined\",\"localhostProfile\":\"\"}: can only be set when seccomp"
            + " type is Localhost",
      },
      quoteCharacter = '~')
  void fieldsThatItRefuses(String field, String error) {
    assertThat(texts(withPodField(field).errors())).containsExactly(POD_FIELD + error);
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
        "unconfined|{type: RuntimeDefault}|.type: Forbidden: seccomp type",
        "runtime/default|{type: Unconfined}|.type: Forbidden: seccomp type",
        "runtime/default|{type: Localhost, localhostProfile: a}|.type: Forbidden: seccomp type",
        "localhost/a|{type: Localhost, localhostProfile: b}|.localhostProfile: Forbidden: seccomp"
            + " profile",
        // Trap 4: compared as text.
        "localhost/./a|{type: Localhost, localhostProfile: a}|.localhostProfile: Forbidden:"
            + " seccomp profile",
      })
  void annotationAndFieldThatDisagree(String annotation, String field, String error) {
    assertThat(texts(withBoth(annotation, field).errors()))
        .containsExactly(POD_FIELD + error + " in annotation and field must match");
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
    assertThat(texts(pod.errors()))
        .containsExactly(
            CONTAINER_FIELD + ".type: Forbidden: seccomp type in annotation and field must match");
  }

  /// Trap 6: keys are judged by their prefix, also where no such container exists.
  @Test
  void theValueForAnUnknownContainerIsJudged() {
    Pod pod =
        pod(
            "container.seccomp.security.alpha.kubernetes.io/nobody: localhost/../x",
            "containers: [{name: c}]");
    // Trap 5: what is shown is the part after `localhost/`.
    assertThat(texts(pod.errors()))
        .containsExactly(
            "metadata.annotations.container.seccomp.security.alpha.kubernetes.io/nobody: Invalid"
                + " value: \"../x\": must not contain '..'");
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
    assertThat(texts(pod.errors()))
        .containsExactly(
            "spec.template.spec.securityContext.seccompProfile.localhostProfile: Required value:"
                + " must be set when seccomp type is Localhost");
  }

  @Test
  void aWindowsPodHasNoSeccompField() {
    Pod pod =
        pod(
            "",
            "os: {name: windows}\ncontainers: [{name: c}]\n"
                + "securityContext: {seccompProfile: {type: RuntimeDefault}}");
    assertThat(texts(pod.errors()))
        .containsExactly(POD_FIELD + ": Forbidden: cannot be set for a windows pod");
  }
}
