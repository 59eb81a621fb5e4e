package dev.portcullis.pods.spec;

import static dev.portcullis.pods.Manifests.pod;
import static dev.portcullis.pods.Manifests.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.portcullis.documents.Position;
import dev.portcullis.pods.Manifests;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodReaderTest {
  private static final String ONE = "containers: [{name: c}]";

  @Test
  void containersOfAllThreeKindsInTheOrderInWhichTheyMatter() {
    Pod pod =
        pod(
            "",
            """
            containers: [{name: a}, {name: b, securityContext: {privileged: true}}]
            initContainers: [{name: i}]
            ephemeralContainers: [{name: e}]
            """);
    assertThat(pod.errors()).isEmpty();
    assertThat(pod.spec().containers())
        .extracting(Container::name, Container::kind, Container::path, Container::privileged)
        .containsExactly(
            tuple("i", Container.Kind.INIT, "spec.initContainers[0]", false),
            tuple("a", Container.Kind.REGULAR, "spec.containers[0]", false),
            tuple("b", Container.Kind.REGULAR, "spec.containers[1]", true),
            tuple("e", Container.Kind.EPHEMERAL, "spec.ephemeralContainers[0]", false));
  }

  @ParameterizedTest
  @CsvSource({
    "v1, ReplicationController, spec.template",
    "v1, PodTemplate, template",
    "apps/v1, Deployment, spec.template",
    "apps/v1, ReplicaSet, spec.template",
    "apps/v1, StatefulSet, spec.template",
    "apps/v1, DaemonSet, spec.template",
    "extensions/v1beta1, Deployment, spec.template",
    "batch/v1, Job, spec.template",
    "batch/v1, CronJob, spec.jobTemplate.spec.template",
    "batch/v1beta1, CronJob, spec.jobTemplate.spec.template",
  })
  void templatesOfWorkloads(String apiVersion, String kind, String path) {
    String[] steps = path.split("\\.");
    StringBuilder yaml =
        new StringBuilder(
            "apiVersion: %s\nkind: %s\nmetadata: {name: w}\n".formatted(apiVersion, kind));
    String indent = "";
    for (String step : steps) {
      yaml.append(indent).append(step).append(":\n");
      indent += "  ";
    }
    yaml.append(indent)
        .append("metadata: {annotations: {seccomp.security.alpha.kubernetes.io/pod: foo}}\n")
        .append(indent)
        .append("spec: {containers: [{name: c, securityContext: {seccompProfile: {}}}]}\n");
    assertThat(texts(pod(yaml.toString()).errors()))
        .containsExactly(
            path
                + ".annotations.seccomp.security.alpha.kubernetes.io/pod: Invalid value: \"foo\":"
                + " must be a valid seccomp profile",
            path
                + ".spec.containers[0].securityContext.seccompProfile.type: Required value: type"
                + " is required when seccompProfile is set");
  }

  @ParameterizedTest
  @CsvSource({
    "v1, Service",
    "example.com/v1, Pod",
    "apps/v1, Pod",
    "v1, Deployment",
    "batch/v1, Deployment"
  })
  void otherKindsHoldNoPod(String apiVersion, String kind) {
    assertThat(
            PodReader.read(
                Manifests.objects("{apiVersion: %s, kind: %s}".formatted(apiVersion, kind))
                    .getFirst()))
        .isNull();
  }

  @Nested
  class WhatIsMissing {
    @Test
    void aName() {
      assertThat(
              texts(
                  pod("{apiVersion: v1, kind: Pod, metadata: {}, spec: {%s}}".formatted(ONE))
                      .errors()))
          .containsExactly("metadata.name: Required value: name or generateName is required");
    }

    @Test
    void aGeneratedNameIsAName() {
      Pod pod =
          pod(
              "{apiVersion: v1, kind: Pod, metadata: {generateName: job-}, spec: {%s}}"
                  .formatted(ONE));
      assertThat(pod.errors()).isEmpty();
      assertThat(pod.identity().name()).isEqualTo("job-");
    }

    @Test
    void metadataAndSpec() {
      assertThat(texts(pod("{apiVersion: v1, kind: Pod}").errors()))
          .containsExactly("metadata: Required value", "spec: Required value");
    }

    @Test
    void containers() {
      assertThat(texts(pod("", "containers: []").errors()))
          .containsExactly("spec.containers: Required value: a pod needs a container");
    }

    @Test
    void aTemplate() {
      assertThat(
              texts(
                  pod("{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {}}")
                      .errors()))
          .containsExactly("spec.template: Required value");
    }
  }

  @Test
  void twoContainersOfOneNameAlsoAcrossTheLists() {
    assertThat(
            texts(
                pod("", "containers: [{name: a}, {name: a}]\ninitContainers: [{name: a}]")
                    .errors()))
        .containsExactly(
            "spec.containers[0].name: Duplicate value: \"a\"",
            "spec.containers[1].name: Duplicate value: \"a\"");
  }

  @Test
  void namesOfAWrongForm() {
    Pod pod =
        pod(
            """
            {apiVersion: v1, kind: Pod, metadata: {name: My_Pod, namespace: a.b},
             spec: {containers: [{name: C}, {name: ""}]}}
            """);
    assertThat(texts(pod.errors()))
        .satisfiesExactly(
            e -> assertThat(e).startsWith("metadata.namespace: Invalid value: \"a.b\""),
            e -> assertThat(e).startsWith("metadata.name: Invalid value: \"My_Pod\""),
            e -> assertThat(e).startsWith("spec.containers[0].name: Invalid value: \"C\""),
            e -> assertThat(e).startsWith("spec.containers[1].name: Required value"));
  }

  @Test
  void valuesOfAWrongTypeAreNamedWithTheirPlace() {
    Pod pod =
        pod(
            "a.b/c: yes",
            "containers:\n- name: c\n  securityContext:\n    privileged: \"yes\"\n"
                + "    seccompProfile: RuntimeDefault\n");
    assertThat(texts(pod.errors()))
        .containsExactly(
            "metadata.annotations.a.b/c: must be a string, not a boolean; put it between quotes",
            "spec.containers[0].securityContext.privileged: must be a boolean, not a string",
            "spec.containers[0].securityContext.seccompProfile: must be an object, not a string");
    assertThat(pod.errors().getFirst().at()).isEqualTo(new Position(6, 5));
  }

  @Test
  void theRightsOfAContainer() {
    Pod pod =
        pod(
            "",
            "containers: [{name: a}, {name: b, securityContext: {}}, {name: c, securityContext:"
                + " {privileged: true}}, {name: d, securityContext: {allowPrivilegeEscalation:"
                + " false, capabilities: {add: [KILL], drop: [ALL]}}}]");
    assertThat(pod.errors()).isEmpty();
    assertThat(pod.spec().containers())
        .extracting(Container::rights)
        .containsExactly(
            new Rights(false, true, List.of()),
            new Rights(false, true, List.of()),
            new Rights(true, true, List.of()),
            new Rights(false, false, List.of("KILL")));
    assertThat(pod.spec().containers())
        .extracting(it -> it.rights().noNewPrivileges())
        .containsExactly(false, false, false, true);
  }

  @Test
  void rightsOfAWrongTypeAreNamedAndGiveNothingUp() {
    Pod pod =
        pod(
            "",
            "containers:\n- name: c\n  securityContext:\n    allowPrivilegeEscalation: \"false\"\n"
                + "    capabilities: {add: KILL}\n- name: d\n  securityContext:\n    capabilities:"
                + " []\n- name: e\n  securityContext:\n    capabilities: {add: [KILL, 5]}\n");
    assertThat(texts(pod.errors()))
        .containsExactly(
            "spec.containers[0].securityContext.allowPrivilegeEscalation: must be a boolean, not a"
                + " string",
            "spec.containers[0].securityContext.capabilities.add: must be a list, not a string",
            "spec.containers[1].securityContext.capabilities: must be an object, not a list",
            "spec.containers[2].securityContext.capabilities.add[1]: must be a string, not a number;"
                + " put it between quotes");
    assertThat(pod.spec().containers().getFirst().rights().noNewPrivileges()).isFalse();
  }

  @Test
  void noPrivilegeEscalationContradictsFullRights() {
    Pod pod =
        pod(
            "",
            "containers: [{name: a, securityContext: {allowPrivilegeEscalation: false, privileged:"
                + " true}}, {name: b, securityContext: {allowPrivilegeEscalation: false,"
                + " capabilities: {add: [CAP_SYS_ADMIN]}}}, {name: c, securityContext:"
                + " {allowPrivilegeEscalation: false, capabilities: {add: [SYS_ADMIN]}}}]");
    assertThat(texts(pod.errors()))
        .satisfiesExactly(
            e ->
                assertThat(e)
                    .startsWith("spec.containers[0].securityContext: Invalid value: {")
                    .endsWith(
                        "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"),
            e ->
                assertThat(e)
                    .startsWith("spec.containers[1].securityContext: Invalid value: {")
                    .endsWith(
                        "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add`"
                            + " CAP_SYS_ADMIN"));
  }

  @Test
  void theServiceAccountByEitherNameElseDefault() {
    assertThat(pod("", ONE).spec().serviceAccount()).isEqualTo("default");
    assertThat(pod("", ONE + "\nserviceAccount: old").spec().serviceAccount()).isEqualTo("old");
    assertThat(
            pod("", ONE + "\nserviceAccount: old\nserviceAccountName: new").spec().serviceAccount())
        .isEqualTo("new");
  }

  /// Trap 1: a key with nothing after it is a value, the empty string.
  @Test
  void anAnnotationWithoutAValueIsPresentAndEmpty() {
    Pod pod = pod("seccomp.security.alpha.kubernetes.io/pod:", ONE);
    assertThat(texts(pod.errors()))
        .containsExactly(
            "metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: Invalid value: \"\":"
                + " must be a valid seccomp profile");
  }

  @Test
  void aFieldThatIsNullIsAbsent() {
    Pod pod = pod("", ONE + "\nsecurityContext: {seccompProfile: null}");
    assertThat(pod.errors()).isEmpty();
    assertThat(pod.spec().seccomp()).isNull();
  }

  @Test
  void keysInAnotherCaseAreOtherAnnotations() {
    Pod pod = pod("Seccomp.Security.Alpha.kubernetes.io/Pod: unconfined", ONE);
    assertThat(pod.errors()).isEmpty();
    assertThat(pod.annotations()).isEmpty();
    assertThat(pod.strayKeys()).containsExactly("Seccomp.Security.Alpha.kubernetes.io/Pod");
  }

  @Test
  void anAnnotationKeyWithoutAContainer() {
    Pod pod = pod("container.seccomp.security.alpha.kubernetes.io/: runtime/default", ONE);
    assertThat(texts(pod.errors()))
        .containsExactly(
            "metadata.annotations: Invalid value:"
                + " \"container.seccomp.security.alpha.kubernetes.io/\": name part must be"
                + " non-empty");
  }
}
