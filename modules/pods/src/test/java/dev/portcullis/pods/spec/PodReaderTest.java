package dev.portcullis.pods.spec;

import static dev.portcullis.pods.Manifests.kinds;
import static dev.portcullis.pods.Manifests.pod;
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
    assertThat(kinds(pod(yaml.toString()).errors()))
        .containsExactly(
            "INVALID " + path + ".metadata.annotations.seccomp.security.alpha.kubernetes.io/pod",
            "REQUIRED " + path + ".spec.containers[0].securityContext.seccompProfile.type");
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
              kinds(
                  pod("{apiVersion: v1, kind: Pod, metadata: {}, spec: {%s}}".formatted(ONE))
                      .errors()))
          .containsExactly("REQUIRED metadata.name");
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
      assertThat(kinds(pod("{apiVersion: v1, kind: Pod}").errors()))
          .containsExactly("REQUIRED metadata", "REQUIRED spec");
    }

    @Test
    void containers() {
      assertThat(kinds(pod("", "containers: []").errors()))
          .containsExactly("REQUIRED spec.containers");
    }

    @Test
    void aTemplate() {
      assertThat(
              kinds(
                  pod("{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}, spec: {}}")
                      .errors()))
          .containsExactly("REQUIRED spec.template");
    }
  }

  @Test
  void twoContainersOfOneNameAlsoAcrossTheLists() {
    assertThat(
            kinds(
                pod("", "containers: [{name: a}, {name: a}]\ninitContainers: [{name: a}]")
                    .errors()))
        .containsExactly("DUPLICATE spec.containers[0].name", "DUPLICATE spec.containers[1].name");
  }

  @Test
  void namesOfAWrongForm() {
    Pod pod =
        pod(
            """
            {apiVersion: v1, kind: Pod, metadata: {name: My_Pod, namespace: a.b},
             spec: {containers: [{name: C}, {name: ""}]}}
            """);
    assertThat(kinds(pod.errors()))
        .containsExactly(
            "INVALID metadata.namespace",
            "INVALID metadata.name",
            "INVALID spec.containers[0].name",
            "REQUIRED spec.containers[1].name");
  }

  @Test
  void valuesOfAWrongTypeAreNamedWithTheirPlace() {
    Pod pod =
        pod(
            "a.b/c: yes",
            "containers:\n- name: c\n  securityContext:\n    privileged: \"yes\"\n"
                + "    seccompProfile: RuntimeDefault\n");
    assertThat(kinds(pod.errors()))
        .containsExactly(
            "TYPE_INVALID metadata.annotations.a.b/c",
            "TYPE_INVALID spec.containers[0].securityContext.privileged",
            "TYPE_INVALID spec.containers[0].securityContext.seccompProfile");
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
    assertThat(kinds(pod.errors()))
        .containsExactly(
            "TYPE_INVALID spec.containers[0].securityContext.allowPrivilegeEscalation",
            "TYPE_INVALID spec.containers[0].securityContext.capabilities.add",
            "TYPE_INVALID spec.containers[1].securityContext.capabilities",
            "TYPE_INVALID spec.containers[2].securityContext.capabilities.add[1]");
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
    assertThat(kinds(pod.errors()))
        .containsExactly(
            "INVALID spec.containers[0].securityContext",
            "INVALID spec.containers[1].securityContext");
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
    assertThat(kinds(pod.errors()))
        .containsExactly("INVALID metadata.annotations.seccomp.security.alpha.kubernetes.io/pod");
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
    assertThat(pod.strays())
        .extracting(Annotation::key)
        .containsExactly("Seccomp.Security.Alpha.kubernetes.io/Pod");
  }

  @Test
  void anAnnotationKeyWithoutAContainer() {
    Pod pod = pod("container.seccomp.security.alpha.kubernetes.io/: runtime/default", ONE);
    assertThat(kinds(pod.errors())).containsExactly("INVALID metadata.annotations");
  }

  /// An Argo Rollout, a Knative Service without a container's name, and one with two templates.
  @Test
  void templatesAreFoundByTheirShape() {
    assertThat(
            byShape(
                """
                apiVersion: argoproj.io/v1alpha1
                kind: Rollout
                metadata: {name: r}
                spec: {template: {spec: {containers: [{name: c}]}}, strategy: {canary: {}}}
                """))
        .containsExactly("spec.template.spec c []");
    assertThat(
            byShape(
                """
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: r}
                spec: {template: {spec: {containers: [{image: i}]}}}
                """))
        .containsExactly("spec.template.spec  []");
    assertThat(
            byShape(
                """
                apiVersion: kubeflow.org/v1
                kind: MPIJob
                metadata: {name: r}
                spec:
                  mpiReplicaSpecs:
                    Launcher: {template: {spec: {containers: [{name: l}]}}}
                    Worker: {template: {spec: {containers: [{name: w, image: 1}]}}}
                """))
        .containsExactly(
            "spec.mpiReplicaSpecs.Launcher.template.spec l []",
            "spec.mpiReplicaSpecs.Worker.template.spec w []");
    assertThat(byShape("apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: []}"))
        .isEmpty();
    assertThat(byShape("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}")).isEmpty();
  }

  private static List<String> byShape(String yaml) {
    return PodReader.readByShape(Manifests.objects(yaml).getFirst()).stream()
        .map(pod ->
            pod.spec().path()
                + " "
                + pod.spec().containers().getFirst().name()
                + " "
                + pod.errors())
        .toList();
  }

  @Test
  void aTemplateThatIsTooDeepIsNotFound() {
    String deep = "{template: {spec: {containers: [{name: c}]}}}";
    for (int i = 0; i < 8; i++) {
      deep = "{a: " + deep + "}";
    }
    assertThat(byShape("apiVersion: x/v1\nkind: X\nmetadata: {name: s}\nspec: " + deep)).isEmpty();
  }
}
