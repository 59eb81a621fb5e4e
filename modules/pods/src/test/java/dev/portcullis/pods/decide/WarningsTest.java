package dev.portcullis.pods.decide;

import static dev.portcullis.pods.Manifests.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.pods.Manifests;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        .containsExactly(
            "metadata.annotations.container.seccomp.security.alpha.kubernetes.io/web:"
                + " \"unconfined\": Kubernetes 1.27 and later ignore this annotation where"
                + " Portcullis is not installed; securityContext.seccompProfile {type: Unconfined}"
                + " does the same in all versions from 1.19; portcullis fix writes it");
    assertThat(
            warnings(
                pod(
                    "seccomp.security.alpha.kubernetes.io/pod: runtime/default",
                    ONE + "\nsecurityContext: {seccompProfile: {type: RuntimeDefault}}")))
        .isEmpty();
  }

  /// What an annotation names is written as the field that names it; what names nothing is shown.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost/a/b.json | {type: Localhost, localhostProfile: a/b.json}",
        "'localhost/a: b' | {type: Localhost, localhostProfile: \"a: b\"}",
        "docker/default | {type: RuntimeDefault}"
      })
  void theFieldToWriteInstead(String value, String field) {
    assertThat(warnings(pod("seccomp.security.alpha.kubernetes.io/pod: '" + value + "'", ONE)))
        .first()
        .asString()
        .contains("/pod: \"" + value + "\": Kubernetes 1.27", field);
  }

  @Test
  void ofAnAnnotationThatNamesNoProfileNothingIsSaidButTheError() {
    for (String value : List.of("nothing", "localhost/", "RuntimeDefault")) {
      assertThat(warnings(pod("seccomp.security.alpha.kubernetes.io/pod: " + value, ONE)))
          .isEmpty();
    }
  }

  @Test
  void aLongValueIsCut() {
    String value = "localhost/" + "x".repeat(1000);
    assertThat(warnings(pod("seccomp.security.alpha.kubernetes.io/pod: " + value, ONE)))
        .singleElement()
        .asString()
        .hasSizeLessThan(600)
        .contains("xxx\"...: Kubernetes 1.27");
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

  /// Each is similar in another way, and each finds the annotation that was meant.
  @ParameterizedTest
  @CsvSource({
    "seccomp.security.alpha.kubernetes.io/Pod, seccomp.security.alpha.kubernetes.io/pod",
    "Seccomp.security.alpha.kubernetes.io/pod, seccomp.security.alpha.kubernetes.io/pod",
    "seccomp.security.beta.kubernetes.io/pod, seccomp.security.alpha.kubernetes.io/pod",
    "seccomp.security.kubernetes.io/pod, seccomp.security.alpha.kubernetes.io/pod",
    "seccomp.alpha.kubernetes.io/pod, seccomp.security.alpha.kubernetes.io/pod",
    "secomp.security.alpha.kubernetes.io/pod, seccomp.security.alpha.kubernetes.io/pod",
    "seccomp.security.alpha.kubernets.io/pod, seccomp.security.alpha.kubernetes.io/pod",
    "security.alpha.kubernetes.io/seccomp, seccomp.security.alpha.kubernetes.io/pod",
    "security.alpha.kubernetes.io/seccomp/pod, seccomp.security.alpha.kubernetes.io/pod",
    "seccomp.security.alpha.kubernetes.io//pod, seccomp.security.alpha.kubernetes.io/pod",
    "pod.seccomp.security.alpha.kubernetes.io/p, seccomp.security.alpha.kubernetes.io/pod",
    "seccomp.security.alpha.kubernetes.io/web, container.seccomp.security.alpha.kubernetes.io/web",
    "seccomp.security.kubernetes.io/web, container.seccomp.security.alpha.kubernetes.io/web",
    "security.alpha.kubernetes.io/seccomp/container/web,"
        + "container.seccomp.security.alpha.kubernetes.io/web",
    "container.seccomp.security.beta.kubernetes.io/web,"
        + "container.seccomp.security.alpha.kubernetes.io/web",
    "security.alpha.kubernetes.io/seccomp/container/other,"
        + "container.seccomp.security.alpha.kubernetes.io/<container>",
    "container.seccomp.security.beta.kubernetes.io/other,"
        + "container.seccomp.security.alpha.kubernetes.io/<container>"
  })
  void keysThatAreSimilar(String key, String meant) {
    assertThat(warnings(pod("\"" + key + "\": unconfined", ONE)))
        .containsExactly(
            "metadata.annotations."
                + key
                + ": is not a seccomp annotation and has no effect; did you mean "
                + meant
                + "?");
  }

  /// Those of CRI-O, Podman and the Security Profiles Operator mean something there.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "container.apparmor.security.beta.kubernetes.io/web",
        "security.alpha.kubernetes.io/sysctls",
        "pod-security.kubernetes.io/enforce",
        "io.podman.annotations.seccomp/web",
        "seccompprofile.security-profiles-operator.x-k8s.io/of",
        "portcullis.dev/seccomp",
        "kubectl.kubernetes.io/last-applied-configuration"
      })
  void keysThatAreNotSimilar(String key) {
    assertThat(warnings(pod(key + ": seccomp.security.beta.kubernetes.io/pod", ONE))).isEmpty();
  }

  @Test
  void keysOfPodSecurityPoliciesOnAPod() {
    assertThat(
            warnings(
                pod(
                    "seccomp.security.alpha.kubernetes.io/defaultProfileName: unconfined\n"
                        + "seccomp.security.alpha.kubernetes.io/allowedProfileNames: '*'",
                    ONE)))
        .hasSize(2)
        .allMatch(text -> text.contains("is an annotation of PodSecurityPolicies"));
  }

  @Test
  void theKeyForAllContainersInPlaceOfOneForAContainer() {
    String key = "container.seccomp.security.alpha.kubernetes.io/pod: unconfined";
    assertThat(warnings(pod(key, ONE)))
        .containsExactly(
            "metadata.annotations.container.seccomp.security.alpha.kubernetes.io/pod: the pod has"
                + " no container \"pod\"; for all containers the key is"
                + " seccomp.security.alpha.kubernetes.io/pod");
    assertThat(warnings(pod(key, "containers: [{name: pod}]")))
        .singleElement()
        .asString()
        .contains("ignore this annotation");
  }

  private static final String WORKLOAD =
      """
      apiVersion: %s
      kind: %s
      metadata: {name: w, annotations: {%s}}
      spec:
        template:
          metadata: {annotations: {%s}}
          spec: {containers: [{name: web}]}
      """;
  private static final String ANNOTATION =
      "seccomp.security.alpha.kubernetes.io/pod: localhost/shop.json";

  @Test
  void annotationsOfTheWorkloadInPlaceOfItsTemplate() {
    assertThat(warnings(pod(WORKLOAD.formatted("apps/v1", "Deployment", ANNOTATION, ""))))
        .containsExactly(
            "metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: has no effect on the"
                + " pods of a Deployment; move it to spec.template.metadata.annotations");
    String beta = ANNOTATION.replace("alpha", "beta");
    assertThat(warnings(pod(WORKLOAD.formatted("apps/v1", "DaemonSet", beta, ""))))
        .containsExactly(
            "metadata.annotations.seccomp.security.beta.kubernetes.io/pod: has no effect on the"
                + " pods of a DaemonSet; move it to spec.template.metadata.annotations and write"
                + " seccomp.security.alpha.kubernetes.io/pod");
    assertThat(warnings(pod(WORKLOAD.formatted("apps/v1", "Deployment", "a: b", ANNOTATION))))
        .singleElement()
        .asString()
        .startsWith("spec.template.metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: ")
        .contains("ignore this annotation");
  }

  /// A CronJob has two levels above its template.
  @Test
  void annotationsOfBothLevelsOfACronJob() {
    assertThat(
            warnings(
                pod(
                    """
                    apiVersion: batch/v1
                    kind: CronJob
                    metadata: {name: w, annotations: {%s}}
                    spec:
                      jobTemplate:
                        metadata: {annotations: {%s}}
                        spec: {template: {spec: {containers: [{name: web}]}}}
                    """
                        .formatted(ANNOTATION, ANNOTATION))))
        .containsExactly(
            "metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: has no effect on the"
                + " pods of a CronJob; move it to"
                + " spec.jobTemplate.spec.template.metadata.annotations",
            "spec.jobTemplate.metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: has"
                + " no effect on the pods of a CronJob; move it to"
                + " spec.jobTemplate.spec.template.metadata.annotations");
  }

  @Test
  void whatAnUnknownControllerDoesWithAnnotationsIsNotClaimed() {
    String yaml = WORKLOAD.formatted("argoproj.io/v1alpha1", "Rollout", ANNOTATION, "");
    Pod pod = PodReader.readByShape(Manifests.objects(yaml).getFirst()).getFirst();
    assertThat(warnings(pod))
        .containsExactly(
            "metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: has an effect only if"
                + " the controller of Rollout copies it to its pods; move it to"
                + " spec.template.metadata.annotations");
  }

  /// Object, and what is said about it; `nothing` for the same in its right place.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seccompProfile: {type: RuntimeDefault}"
            + " | spec.seccompProfile: has no effect here; move it into securityContext",
        "securitycontext: {seccompProfile: {type: RuntimeDefault}}"
            + " | spec: unknown field \"securitycontext\"; did you mean \"securityContext\"?",
        "securityContext: {seccompprofile: {type: RuntimeDefault}}"
            + " | spec.securityContext: unknown field \"seccompprofile\"; did you mean"
            + " \"seccompProfile\"?",
        "securityContext: {seccomp: {type: RuntimeDefault}}"
            + " | spec.securityContext: unknown field \"seccomp\"; did you mean"
            + " \"seccompProfile\"?",
        "securityContext: {seccompProfile: {type: RuntimeDefault, Type: Localhost}}"
            + " | spec.securityContext.seccompProfile: unknown field \"Type\"; did you mean"
            + " \"type\"?",
        "securityContext: {seccompProfile: {type: RuntimeDefault, localhostprofile: x}}"
            + " | spec.securityContext.seccompProfile: unknown field \"localhostprofile\"; did"
            + " you mean \"localhostProfile\"?",
        "securityContext: {seccompProfile: {type: RuntimeDefault}, runAsUser: 0} | nothing",
        "schedulingGates: [{name: g}] | nothing"
      })
  void fieldsOfThePod(String field, String warning) {
    assertThat(warnings(pod("", ONE + "\n" + field)))
        .isEqualTo(warning.equals("nothing") ? List.of() : List.of(warning));
  }

  @Test
  void fieldsOfAContainer() {
    assertThat(
            warnings(
                pod(
                    "",
                    "containers: [{name: a, seccompProfile: {type: x}}, {name: b, securitycontext:"
                        + " {}}, {name: c, securityContext: {seccomp: {}}, startupProbe: {}}]")))
        .containsExactly(
            "spec.containers[0].seccompProfile: has no effect here; move it into securityContext",
            "spec.containers[1]: unknown field \"securitycontext\"; did you mean"
                + " \"securityContext\"?",
            "spec.containers[2].securityContext: unknown field \"seccomp\"; did you mean"
                + " \"seccompProfile\"?");
  }

  @Test
  void fieldsAboveThePodsSpec() {
    String yaml =
        """
        apiVersion: %s
        kind: Any
        metadata: {name: w}
        securityContext: {seccompProfile: {type: RuntimeDefault}}
        spec:
          seccompProfile: {type: RuntimeDefault}
          template:
            securityContext: {seccompProfile: {type: RuntimeDefault}}
            spec: {containers: [{name: web}]}
        """;
    String ofTemplate =
        "spec.template.securityContext: has no effect here; move it into spec.template.spec";
    assertThat(warnings(pod(yaml.replace("Any", "Deployment").formatted("apps/v1"))))
        .containsExactly(
            "securityContext: has no effect here; move it into spec.template.spec",
            "spec.seccompProfile: has no effect here; move it into"
                + " spec.template.spec.securityContext",
            ofTemplate);
    // What the fields of another kind mean is not known; a template has none of its own.
    Pod pod =
        PodReader.readByShape(Manifests.objects(yaml.formatted("example.com/v1")).getFirst())
            .getFirst();
    assertThat(warnings(pod)).containsExactly(ofTemplate);
  }

  /// A path that is below the profile root twice.
  @ParameterizedTest
  @CsvSource({
    "localhost/audit.json, audit.json",
    "var/lib/kubelet/seccomp/profiles/audit.json, profiles/audit.json",
    "kubelet/seccomp/audit.json, audit.json"
  })
  void pathsThatAreProbablyOthers(String path, String meant) {
    String text = ": \"" + path + "\": the path is relative to the profile root; did you mean \"";
    assertThat(
            warnings(
                pod(
                    "",
                    "containers: [{name: c, securityContext: {seccompProfile: {type: Localhost,"
                        + " localhostProfile: "
                        + path
                        + "}}}]")))
        .containsExactly(
            "spec.containers[0].securityContext.seccompProfile.localhostProfile"
                + text
                + meant
                + "\"?");
    assertThat(warnings(pod("seccomp.security.alpha.kubernetes.io/pod: localhost/" + path, ONE)))
        .contains(
            "metadata.annotations.seccomp.security.alpha.kubernetes.io/pod" + text + meant + "\"?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"audit.json", "mylocalhost/audit.json", "team/localhost/x", "seccomp/x"})
  void pathsThatAreNot(String path) {
    assertThat(
            warnings(
                pod(
                    "",
                    ONE
                        + "\nsecurityContext: {seccompProfile: {type: Localhost, localhostProfile: "
                        + path
                        + "}}")))
        .isEmpty();
  }

  @Test
  void aListOfProfilesIsOnePath() {
    String key = "seccomp.security.alpha.kubernetes.io/pod: ";
    assertThat(warnings(pod(key + "localhost/x.json,localhost/y.json", ONE)))
        .anyMatch(text -> text.endsWith("this is one path, with a comma in it"));
    assertThat(warnings(pod(key + "'localhost/x,y.json'", ONE))).hasSize(1);
  }

  @Test
  void everyWarningHasItsLine() {
    Pod pod =
        pod(
            """
            seccomp.security.alpha.kubernetes.io/pod: docker/default
            seccomp.security.beta.kubernetes.io/pod: docker/default
            """,
            """
            seccompProfile: {}
            containers:
            - name: web
              securityContext: {privileged: true}
            """);
    assertThat(
            Warnings.of(pod, Judge.Place.FILE, Leniency.NONE).stream()
                .map(warning -> warning.kind().id() + " " + warning.at().line()))
        .containsExactly(
            "annotation-ignored 6",
            "old-spelling 6",
            "similar-key 7",
            "misplaced-field 9",
            "privileged 11");
  }

  @Test
  void theDocumentationHasEveryWarning() throws IOException {
    String page = Files.readString(Path.of("docs/names-and-resolution.md"));
    String table = page.substring(page.indexOf("## Warnings"), page.indexOf("## Intended"));
    assertThat(
            table
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3))))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Warning.Kind.values()).map(Warning.Kind::id).toList());
  }

  @Test
  void whereAnnotationsWorkNobodyIsToldThatTheyMayNot() {
    Pod pod = pod("seccomp.security.alpha.kubernetes.io/pod: unconfined", ONE);
    assertThat(warnings(pod)).hasSize(1);
    assertThat(Warnings.of(pod, Judge.Place.CLUSTER, Leniency.NONE)).isEmpty();
  }

  /// An API server drops what it does not know before it asks a webhook.
  @Test
  void fieldsThatKubernetesDropsAreNotLookedForInARequest() {
    Pod pod = pod("a: b", ONE + "\nseccompProfile: {type: Unconfined}");
    assertThat(warnings(pod)).hasSize(1);
    assertThat(Warnings.of(pod, Judge.Place.CLUSTER, Leniency.NONE)).hasSize(1);
    assertThat(Warnings.of(pod, Judge.Place.REQUEST, Leniency.NONE)).isEmpty();
  }

  private static List<String> warnings(Pod pod) {
    return Warnings.of(pod, Judge.Place.FILE, Leniency.NONE).stream().map(Warning::text).toList();
  }
}
