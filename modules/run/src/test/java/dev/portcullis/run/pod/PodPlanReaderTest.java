package dev.portcullis.run.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.cri.ContainerSpec;
import dev.portcullis.cri.SandboxSpec;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.PolicyScope;
import dev.portcullis.pods.decide.Strictness;
import dev.portcullis.pods.name.ProfileName;
import dev.portcullis.pods.object.KubernetesObject;
import dev.portcullis.pods.policy.Policies;
import dev.portcullis.pods.spec.PodReader;
import dev.portcullis.run.pod.ContainerPlan.PullPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodPlanReaderTest {
  private static final String RUNTIME_CLASS =
      """
      apiVersion: node.k8s.io/v1
      kind: RuntimeClass
      metadata: {name: fast}
      handler: crun
      """;

  private static ContainerPlan ofImage(String image, String more) {
    String pod = Plans.pod("", more).replace("image: i:1", "image: \"" + image + "\"");
    return ((PodPlanReader.Plan) Plans.read(pod)).plan().containers().getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "busybox, ALWAYS",
    "busybox:latest, ALWAYS",
    "registry:5000/x, ALWAYS",
    "registry:5000/x:latest, ALWAYS",
    "registry:5000/x:1, IF_NOT_PRESENT",
    "busybox:1, IF_NOT_PRESENT",
    "busybox:mylatest, IF_NOT_PRESENT",
    "busybox@sha256:0123, IF_NOT_PRESENT",
    "busybox:latest@sha256:0123, IF_NOT_PRESENT"
  })
  void pullPolicyByTag(String image, PullPolicy policy) {
    assertThat(ofImage(image, "").image()).isEqualTo(new ContainerPlan.Image(image, policy));
    assertThat(ofImage(image, "imagePullPolicy: Never").image().policy())
        .isEqualTo(PullPolicy.NEVER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{limits: {cpu: 500m, memory: 64Mi}} | 67108864 | 50000 | 100000 | 512",
        "{limits: {cpu: 2}} | 0 | 200000 | 100000 | 2048",
        "{limits: {cpu: 1}, requests: {cpu: 250m}} | 0 | 100000 | 100000 | 256",
        "{requests: {cpu: 1m}} | 0 | 0 | 0 | 2",
        "{limits: {cpu: 1m}} | 0 | 1000 | 100000 | 2",
        "{limits: {memory: 1e3}} | 1000 | 0 | 0 | 0",
        "{limits: {ephemeral-storage: 1Gi}} | 0 | 0 | 0 | 0"
      })
  void limits(String resources, long memory, long quota, long period, long shares) {
    assertThat(Plans.container("resources: " + resources).limits())
        .isEqualTo(new ContainerSpec.Limits(memory, quota, period, shares, 0));
  }

  @Test
  void whatThePodShares() {
    PodPlan plan =
        Plans.plan(
            """
            hostPID: true
            hostIPC: true
            hostname: box
            terminationGracePeriodSeconds: 7
            """,
            "ports: [{containerPort: 80, hostPort: 8080, protocol: UDP, hostIP: 127.0.0.1}]");
    assertThat(plan.shape().network())
        .isEqualTo(
            new SandboxSpec.Network(
                false,
                "box",
                List.of(
                    new SandboxSpec.PortMapping(SandboxSpec.Protocol.UDP, 80, 8080, "127.0.0.1"))));
    assertThat(plan.shape().isolation().processes()).isEqualTo(SandboxSpec.Processes.HOST);
    assertThat(plan.shape().isolation().hostIpc()).isTrue();
    assertThat(plan.shape().grace()).isEqualTo(Duration.ofSeconds(7));
    assertThat(Plans.plan("", "").shape().grace()).isEqualTo(Duration.ofSeconds(2));
    assertThat(Plans.plan("", "").shape().network().hostname()).isEqualTo("p");
  }

  @Test
  void onTheNodesNetworkThereIsNoHostnameAndNoPort() {
    assertThat(Plans.plan("hostNetwork: true", "ports: [{containerPort: 80}]").shape().network())
        .isEqualTo(new SandboxSpec.Network(true, "", List.of()));
  }

  @Test
  void aHandlerByTheObjectOrByTheName() {
    assertThat(Plans.plan("runtimeClassName: fast", "").shape().handler()).isEqualTo("fast");
    assertThat(Plans.plan("runtimeClassName: fast", "", RUNTIME_CLASS).shape().handler())
        .isEqualTo("crun");
    assertThat(Plans.plan("", "", RUNTIME_CLASS).shape().handler()).isEmpty();
  }

  @Test
  void rights() {
    ContainerPlan container =
        Plans.plan(
                "securityContext: {runAsUser: 1, runAsGroup: 2, runAsNonRoot: true,"
                    + " appArmorProfile: {type: RuntimeDefault},"
                    + " supplementalGroups: [3], fsGroup: 5}",
                "securityContext: {runAsUser: 4, allowPrivilegeEscalation: false,"
                    + " procMount: Default, readOnlyRootFilesystem: true,"
                    + " capabilities: {add: [CAP_NET_ADMIN, sys_time], drop: [ALL]}}")
            .containers()
            .getFirst();
    assertThat(container.rights())
        .isEqualTo(
            new ContainerPlan.Rights(
                new ContainerSpec.User(4L, 2L, List.of(3L, 5L)),
                new ContainerSpec.Capabilities(List.of("NET_ADMIN", "SYS_TIME"), List.of("ALL")),
                true,
                true,
                true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hostUsers: false | spec.hostUsers: portcullis run does not support this field",
        "hostNetwrk: true | did you mean \"hostNetwork\"?",
        "hostname: A_b | spec.hostname: Invalid value: \"A_b\"",
        "terminationGracePeriodSeconds: -1 | must be between 0 and 3600",
        "terminationGracePeriodSeconds: 1.5 | must be an integer",
        "{hostPID: true, shareProcessNamespace: true} | hostPID already shares the processes",
        "securityContext: {fsGroup: -1} | must be between 0 and 2147483647",
        "securityContext: {appArmorProfile: {type: Unconfined}} | unless its type is RuntimeDefault",
        "securityContext: {seLinuxOptions: {user: x}} | seLinuxOptions: portcullis run does not",
        "securityContext: {runAsUser: -1} | must be between 0 and 2147483647",
        "securityContext: {runAsGroup: 1} | runAsGroup requires runAsUser",
        "securityContext: {supplementalGroups: [x]} | must be a list of group numbers",
        "hostAliases: [{ip: 1.2.3.4}] | spec.hostAliases: portcullis run does not support"
      })
  void unusablePods(String spec, String message) {
    String lines =
        spec.startsWith("{") ? spec.substring(1, spec.length() - 1).replace(", ", "\n") : spec;
    assertThat(Plans.refusals(lines, "")).anySatisfy(error -> assertThat(error).contains(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "livenessProbe: {exec: {command: [x]}} | livenessProbe: portcullis run does not support",
        "imagePullPolicy: Sometimes | supported values: \"Always\"",
        "resources: {limits: {nvidia.com/gpu: 1}} | does not support this resource",
        "resources: {limits: {cpu: -1}} | must be a quantity",
        "resources: {limits: {memory: 1Q}} | must be a quantity",
        "resources: {claims: [{name: x}]} | does not support this field",
        "volumeMounts: [{name: v, mountPath: /m}] | the pod has no volume of this name",
        "ports: [{containerPort: 0}] | must be between 1 and 65535",
        "ports: [{containerPort: 80, protocol: ICMP}] | supported values",
        "ports: [{}] | Required value",
        "command: sh | must be a list, not",
        "securityContext: {procMount: Unmasked} | does not support this field, unless it is Default",
        "env: [{name: A, valueFrom: {fieldRef: {fieldPath: status.phase}}}] | or status.podIP"
      })
  void unusableContainers(String container, String message) {
    assertThat(Plans.refusals("", container))
        .anySatisfy(error -> assertThat(error).contains(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{mountPath: /m, subPath: ../x}", "{mountPath: /m, subPath: /x}", "{mountPath: ''}"})
  void mountsStayInTheirVolume(String mount) {
    assertThat(
            Plans.refusals(
                "volumes: [{name: v}]", "volumeMounts:\n- " + mount.replace("{", "{name: v, ")))
        .singleElement()
        .asString()
        .contains("spec.containers[0].volumeMounts[0]");
  }

  @Test
  void whatAsksForNothingMayStand() {
    PodPlan plain = Plans.plan("", "");
    assertThat(
            Plans.plan(
                "dnsConfig: {}\nsetHostnameAsFQDN: false\nhostAliases: []\nrestartPolicy: Never",
                "livenessProbe: null\ntty: false\nlifecycle: {}"))
        .returns(plain.identity(), PodPlan::identity)
        .returns(plain.shape(), PodPlan::shape);
  }

  /// Who plans has asked whether the pod is admitted; it is our mistake to plan another one.
  @Test
  void aContainerThatMayNotRunIsNotPlanned() {
    KubernetesObject object =
        Plans.objects(
                Plans.pod(
                    "",
                    "securityContext: {seccompProfile: {type: Localhost, localhostProfile: a}}"))
            .getFirst();
    Judgement refused =
        new Judge(
                new PolicyScope.PoliciesForAll(
                    Policies.NONE, Strictness.unknown("no file is read here")),
                ProfileName.RUNTIME_DEFAULT,
                "default")
            .judge(Objects.requireNonNull(PodReader.read(object)));
    PodPlanReader reader = new PodPlanReader(new ObjectIndex("default"), "node-1");
    assertThatThrownBy(() -> reader.read(refused, "pod.yaml", "uid"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("c may not run");
  }
}
