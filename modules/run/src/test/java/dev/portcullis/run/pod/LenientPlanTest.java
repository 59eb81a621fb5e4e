package dev.portcullis.run.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is left out of a pod on demand, and what is not.
class LenientPlanTest {
  private static final RunLeniency LENIENT = new RunLeniency(true, false);

  /// As `kubectl get pod -o yaml` prints one of a cluster of version 1.36, with some of the
  /// metadata left out.
  static final String STORED =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        creationTimestamp: "2026-11-20T10:00:00Z"
        generateName: web-7d4b9c6f5-
        labels: {app: web, pod-template-hash: 7d4b9c6f5}
        managedFields:
        - {apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {"f:metadata": {}}, manager: m}
        name: web-7d4b9c6f5-x2x4x
        namespace: shop
        ownerReferences:
        - {apiVersion: apps/v1, controller: true, kind: ReplicaSet, name: web-7d4b9c6f5, uid: u}
        resourceVersion: "4711"
        uid: 5f0e3f0a-0000-4000-8000-000000000000
      spec:
        containers:
        - image: i:1
          imagePullPolicy: IfNotPresent
          lifecycle: {preStop: {exec: {command: [sleep, "5"]}}}
          livenessProbe:
            {failureThreshold: 3, httpGet: {path: /, port: 80, scheme: HTTP}, periodSeconds: 10}
          name: app
          ports: [{containerPort: 80, name: http, protocol: TCP}]
          readinessProbe: {exec: {command: [/no/such/program]}, timeoutSeconds: 1}
          resources: {limits: {memory: 64Mi}, requests: {cpu: 100m}}
          startupProbe: {exec: {command: [/no/such/program]}}
          terminationMessagePath: /dev/termination-log
          terminationMessagePolicy: File
          volumeMounts:
          - {mountPath: /var/run/secrets/kubernetes.io/serviceaccount, name: kube-api-access-x,
             readOnly: true}
        - image: i:1
          livenessProbe: {exec: {command: ["true"]}}
          name: sidecar
          resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]
        dnsPolicy: ClusterFirst
        enableServiceLinks: true
        hostname: web-0
        nodeName: n2
        preemptionPolicy: PreemptLowerPriority
        priority: 0
        restartPolicy: Always
        schedulerName: default-scheduler
        securityContext: {fsGroup: 2000}
        serviceAccount: default
        serviceAccountName: default
        subdomain: web
        terminationGracePeriodSeconds: 30
        tolerations:
        - {effect: NoExecute, key: node.kubernetes.io/not-ready, operator: Exists}
        volumes:
        - name: kube-api-access-x
          projected:
            defaultMode: 420
            sources:
            - serviceAccountToken: {expirationSeconds: 3607, path: token}
            - configMap:
                items: [{key: ca.crt, path: ca.crt}]
                name: kube-root-ca.crt
            - downwardAPI:
                items:
                - {fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}, path: namespace}
      status:
        conditions: [{status: "True", type: Ready}]
        phase: Running
        podIP: 10.0.0.7
        qosClass: Burstable
      """;

  private static List<String> omitted(PodPlanReader.Planned planned) {
    return ((PodPlanReader.Plan) planned).omissions().stream().map(Omission::text).toList();
  }

  /// One word for each, and not one for each container.
  @Test
  void whatAClusterPrints() {
    PodPlanReader.Planned planned = Plans.read(STORED, LENIENT);
    assertThat(omitted(planned))
        .containsExactlyInAnyOrder(
            "spec.subdomain: left out (the host name has no domain)",
            "spec.volumes[0].projected: left out (there is no API server, so the volume has no"
                + " token and no kube-root-ca.crt)",
            "spec.containers[0].lifecycle: left out (no hook runs)",
            "spec.containers[0].livenessProbe and 2 more: left out (nothing probes the container)");
    PodPlan plan = Plans.plan(planned);
    assertThat(plan.identity().name()).isEqualTo("web-7d4b9c6f5-x2x4x");
    assertThat(plan.shape().volumeGroup()).isEqualTo(2000);
    assertThat(plan.volumes().get("kube-api-access-x"))
        .isInstanceOfSatisfying(
            Volume.Files.class, files -> assertThat(files.files()).containsOnlyKeys("namespace"));
  }

  @Test
  void withoutLeniencyEachIsAnErrorThatTellsOfIt() {
    assertThat(Plans.refusals(Plans.read(STORED)))
        .hasSize(6)
        .allMatch(error ->
            error.contains(
                ": portcullis run does not support this field. Remove it, or add --lenient to run"
                    + " the pod without it ("))
        .anyMatch(error -> error.startsWith("spec.containers[1].livenessProbe: "))
        .anyMatch(error -> error.startsWith("spec.volumes[0].projected: "));
  }

  /// Nothing is missing where the files have it.
  @Test
  void theAuthorityOfTheServerFromTheFiles() {
    String config =
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: kube-root-ca.crt, namespace:"
            + " shop}\ndata: {ca.crt: x}\n";
    assertThat(omitted(Plans.read(STORED + config, LENIENT)))
        .contains(
            "spec.volumes[0].projected: left out (there is no API server, so the volume has no"
                + " token)");
  }

  /// What limits a container is never left out, nor what nobody knows.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "hostUsers: false",
        "securityContext: {seLinuxOptions: {type: x}}",
        "securityContext: {appArmorProfile: {type: Localhost, localhostProfile: x}}",
        "securityContext: {supplementalGroupsPolicy: Strict}",
        "volumes: [{name: v, csi: {driver: x}}]",
        "volumes: [{name: v, persistentVolumeClaim: {claimName: x}}]",
        "livenesProbe: {}x"
      })
  void whatIsNotLeftOut(String spec) {
    assertThat(Plans.refusals(Plans.read(Plans.pod(spec.replace("{}x", "{a: b}"), ""), LENIENT)))
        .singleElement()
        .asString()
        .contains("portcullis run does not support this field")
        .doesNotContain("--lenient");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "securityContext: {procMount: Unmasked}",
        "volumeMounts: [{name: v, mountPath: /v, recursiveReadOnly: Enabled}]",
        "volumeDevices: [{name: v, devicePath: /dev/x}]",
        "resources: {limits: {nvidia.com/gpu: 1}}"
      })
  void whatIsNotLeftOutOfAContainer(String container) {
    assertThat(Plans.refusals(Plans.read(Plans.pod("volumes: [{name: v}]", container), LENIENT)))
        .singleElement()
        .asString()
        .contains("portcullis run does not support this");
  }

  /// A path that leads out of the volume is no smaller error.
  @Test
  void aTokenOutsideOfItsVolume() {
    assertThat(
            Plans.refusals(
                Plans.read(STORED.replace("path: token", "path: ../../../etc/passwd"), LENIENT)))
        .singleElement()
        .asString()
        .contains("a file must stay in its volume");
  }

  @Test
  void variablesThatOnlyAClusterKnows() {
    PodPlanReader.Planned planned =
        Plans.read(
            Plans.pod(
                "",
                """
                env:
                - {name: LIMIT, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
                - {name: HOST, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: status.hostIP}}}
                - {name: NAME, valueFrom: {fieldRef: {apiVersion: v1, fieldPath: metadata.name}}}
                """),
            LENIENT);
    assertThat(omitted(planned))
        .singleElement()
        .asString()
        .startsWith("spec.containers[0].env[0].valueFrom.resourceFieldRef and 1 more: left out");
    assertThat(Plans.plan(planned).containers().getFirst().program().environment().variables())
        .singleElement()
        .returns("NAME", Environment.Variable::name);
  }

  @ParameterizedTest
  @CsvSource({
    "apps/v1, Deployment, spec.template, w-01234",
    "apps/v1, StatefulSet, spec.template, w-0",
    "apps/v1, DaemonSet, spec.template, w-01234",
    "batch/v1, Job, spec.template, w-01234",
    "batch/v1, CronJob, spec.jobTemplate.spec.template, w-01234",
    "v1, PodTemplate, template, w-01234",
    "argoproj.io/v1alpha1, Rollout, spec.template, w-01234",
    "example.org/v1, StatefulSet, spec.template, w-01234"
  })
  void theTemplateOfAWorkload(String version, String kind, String path, String name) {
    PodPlan plan = Plans.plan(Plans.read(workload(version, kind, path, "{name: c, image: 'i:1'}")));
    assertThat(plan.identity().name()).isEqualTo(name);
    assertThat(plan.identity().namespace()).isEqualTo("shop");
    assertThat(plan.identity().metadata().labels()).containsExactly(Map.entry("of", "t"));
    assertThat(plan.shape().network().hostname()).isEqualTo(name);
    assertThat(plan.containers()).singleElement().returns("c", ContainerPlan::name);
  }

  private static String workload(String version, String kind, String path, String container) {
    StringBuilder yaml =
        new StringBuilder(
            "apiVersion: %s\nkind: %s\nmetadata: {name: w, namespace: shop, labels: {of: w}}\n"
                .formatted(version, kind));
    String indent = "";
    for (String step : path.split("\\.", -1)) {
      yaml.append(indent).append(step).append(":\n");
      indent += "  ";
    }
    return yaml.append(indent)
        .append("metadata: {labels: {of: t}}\n")
        .append(indent)
        .append("spec: {containers: [")
        .append(container)
        .append("]}\n")
        .toString();
  }

  /// The path of the field is that of the workload.
  @Test
  void anErrorInATemplate() {
    assertThat(
            Plans.refusals(
                Plans.read(
                    workload(
                        "batch/v1",
                        "CronJob",
                        "spec.jobTemplate.spec.template",
                        "{name: c, image: 'i:1', lifecycle: {postStart: {}}}"))))
        .singleElement()
        .asString()
        .startsWith("spec.jobTemplate.spec.template.spec.containers[0].lifecycle: ");
  }

  /// Knative names its containers itself.
  @Test
  void aContainerWithoutAName() {
    assertThat(
            Plans.refusals(
                Plans.read(
                    workload(
                        "serving.knative.dev/v1", "Service", "spec.template", "{image: 'i:1'}"))))
        .containsExactly(
            "spec.template.spec.containers[0].name: Required value: portcullis run gives none");
  }

  private static final String STATEFUL =
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        volumeClaimTemplates: [{metadata: {name: "%s"}, spec: {}}]
        template:
          spec:
            containers:
            - {name: c, image: 'i:1', volumeMounts: [{name: data, mountPath: /data}]}
      """;

  @Test
  void theClaimsOfAStatefulSet() {
    PodPlan plan = Plans.plan(Plans.read(STATEFUL.formatted("data"), new RunLeniency(false, true)));
    assertThat(plan.volumes()).containsEntry("data", new Volume.EmptyDirectory(false));
    assertThat(Plans.refusals(Plans.read(STATEFUL.formatted("data"), LENIENT)))
        .singleElement()
        .asString()
        .startsWith("spec.volumeClaimTemplates[0]: portcullis run does not support this field")
        .contains("--pvc-as-emptydir");
    assertThat(
            Plans.refusals(Plans.read(STATEFUL.formatted("../data"), new RunLeniency(false, true))))
        .anyMatch(
            error -> error.startsWith("spec.volumeClaimTemplates[0].metadata.name: Invalid value"));
  }

  @Test
  void aSidecarIsAnInitContainerThatStays() {
    PodPlan plan =
        Plans.plan(
            "initContainers: [{name: a, image: 'i:1', restartPolicy: Always}, {name: b, image:"
                + " 'i:1'}]",
            "restartPolicy: Always");
    assertThat(plan.init()).extracting(ContainerPlan::sidecar).containsExactly(true, false);
    assertThat(plan.containers()).extracting(ContainerPlan::sidecar).containsExactly(false);
  }
}
