package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.Portcullis.Container;
import dev.portcullis.e2e.Portcullis.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What comes from a cluster runs: pods as kubectl prints them, and workloads.
@ExtendWith(RealRuntime.class)
class RunWorkloadTest {
  @TempDir private Path directory;

  private Result run(String... args) {
    List<String> all =
        new ArrayList<>(List.of("run", "--runtime-endpoint", RealRuntime.endpoint()));
    all.addAll(List.of(args));
    return Portcullis.run(all.toArray(String[]::new));
  }

  /// Its probes and hooks name programs that do not exist; nobody calls them.
  @Test
  void aPodAsKubectlPrintsIt() throws IOException {
    String file =
        PodText.write(
            directory,
            "stored.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata:
              creationTimestamp: "2026-11-20T10:00:00Z"
              labels: {app: web}
              managedFields: [{apiVersion: v1, fieldsV1: {"f:metadata": {}}, manager: m}]
              name: web-7d4b9c6f5-x2x4x
              namespace: shop
              resourceVersion: "4711"
              uid: 5f0e3f0a-0000-4000-8000-000000000000
            spec:
              containers:
              - name: app
                image: localhost/portcullis/busybox:1
                imagePullPolicy: IfNotPresent
                command: [sh, -c]
                args:
                - |
                  cd /var/run/secrets/kubernetes.io/serviceaccount
                  echo "files $(ls) namespace $(cat namespace) in groups $(id -G)"
                  touch /data/mine && stat -c 'made %g' /data/mine
                  stat -c 'namespace %g %a' namespace
                  sleep 0.3
                lifecycle: {preStop: {exec: {command: [/no/such/program]}}}
                livenessProbe: {exec: {command: [/no/such/program]}, periodSeconds: 1}
                readinessProbe: {exec: {command: [/no/such/program]}, periodSeconds: 1}
                startupProbe: {exec: {command: [/no/such/program]}, periodSeconds: 1}
                securityContext: {runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
                volumeMounts:
                - {mountPath: /data, name: work}
                - {mountPath: /var/run/secrets/kubernetes.io/serviceaccount,
                   name: kube-api-access-x, readOnly: true}
              nodeName: n2
              priority: 0
              restartPolicy: Always
              securityContext: {fsGroup: 2000}
              terminationGracePeriodSeconds: 30
              tolerations: [{effect: NoExecute, key: node.kubernetes.io/not-ready}]
              volumes:
              - {name: work, emptyDir: {sizeLimit: 1Gi}}
              - name: kube-api-access-x
                projected:
                  defaultMode: 420
                  sources:
                  - serviceAccountToken: {expirationSeconds: 3607, path: token}
                  - configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}
                  - downwardAPI:
                      items:
                      - {path: namespace,
                         fieldRef: {apiVersion: v1, fieldPath: metadata.namespace}}
            status: {phase: Running, podIP: 10.0.0.7}
            """);
    Result strict = run(file);
    assertThat(strict.code()).isOne();
    assertThat(strict.err()).contains("livenessProbe: portcullis run does not", "add --lenient");
    Result lenient = run("--lenient", file);
    assertThat(lenient.code()).as(lenient.err() + lenient.out()).isZero();
    assertThat(lenient.out())
        .contains("files namespace namespace shop in groups 0 2000")
        .contains("made 2000")
        .contains("namespace 2000 644");
    assertThat(lenient.err().lines().filter(line -> line.startsWith("warning: "))).hasSize(4);
  }

  private static String container(String name, String line) {
    return "{name: %s, image: 'localhost/portcullis/busybox:1', command: [sh, -c, '%s']}"
        .formatted(name, line);
  }

  @Test
  void aDeploymentWhoseInitContainerFails() throws IOException {
    String file =
        PodText.write(
            directory,
            "deployment.yaml",
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 3
              template:
                metadata: {labels: {app: web}}
                spec:
                  initContainers: [%s]
                  containers: [%s]
            """
                .formatted(container("first", "exit 5"), container("second", "echo reached")));
    Result result = run("-o", "json", file);
    assertThat(result.code()).as(result.err()).isEqualTo(4);
    assertThat(result.out()).contains("\"kind\" : \"Deployment\"");
    assertThat(result.containers().get("first")).extracting(Container::exitCode).isEqualTo(5);
    assertThat(result.containers().get("second")).extracting(Container::exitCode).isNull();
    assertThat(result.err()).doesNotContain("reached");
  }

  @Test
  void aStatefulSetWithAnEmptyClaim() throws IOException {
    String file =
        PodText.write(
            directory,
            "set.yaml",
            """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db}
            spec:
              volumeClaimTemplates: [{metadata: {name: data}, spec: {}}]
              template:
                spec:
                  containers:
                  - name: c
                    image: localhost/portcullis/busybox:1
                    command: [sh, -c, 'hostname; touch /data/x && ls /data; sleep 0.2']
                    volumeMounts: [{name: data, mountPath: /data}]
            """);
    Result without = run(file);
    assertThat(without.code()).isOne();
    assertThat(without.err()).contains("spec.volumeClaimTemplates[0]: ", "--pvc-as-emptydir");
    Result with = run("--pvc-as-emptydir", file);
    assertThat(with.code()).as(with.err()).isZero();
    assertThat(with.out()).contains("c | db-0\n", "c | x\n", "default/db-0");
  }

  /// The sidecar would never end by itself.
  @Test
  void aSidecarRunsBesideTheOthersAndIsEnded() throws IOException {
    String file =
        PodText.write(
            directory,
            "job.yaml",
            """
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: nightly}
            spec:
              schedule: "0 3 * * *"
              jobTemplate:
                spec:
                  template:
                    spec:
                      restartPolicy: Never
                      terminationGracePeriodSeconds: 1
                      volumes: [{name: v, emptyDir: {}}]
                      initContainers:
                      - name: proxy
                        restartPolicy: Always
                        image: localhost/portcullis/busybox:1
                        command: [sh, -c, 'echo beside > /v/said; echo serving; sleep 600']
                        volumeMounts: [{name: v, mountPath: /v}]
                      - name: waits
                        image: localhost/portcullis/busybox:1
                        command: [sh, -c, 'until [ -e /v/said ]; do sleep 0.1; done']
                        volumeMounts: [{name: v, mountPath: /v}]
                      containers:
                      - name: work
                        image: localhost/portcullis/busybox:1
                        command: [cat, /v/said]
                        volumeMounts: [{name: v, mountPath: /v}]
            """);
    Result result = run("-o", "json", "--for", "60s", file);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.err()).contains("work  | beside", "proxy | serving");
    assertThat(result.containers().get("proxy")).extracting(Container::mode).isEqualTo(2);
    assertThat(result.containers().get("work")).extracting(Container::exitCode).isEqualTo(0);
  }

  @Test
  void aHostPathAndAnImageThatIsMissing() throws IOException {
    Path host = Files.writeString(directory.resolve("host"), "of the machine");
    String deployment =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          template:
            spec:
              securityContext: {fsGroup: 2000}
              volumes: [{name: h, hostPath: {path: "%s", type: File}}]
              containers:
              - name: c
                image: %s
                imagePullPolicy: Never
                command: [cat, /h]
                volumeMounts: [{name: h, mountPath: /h, readOnly: true}]
        """;
    int group = (Integer) Files.getAttribute(host, "unix:gid");
    Result there =
        run(
            PodText.write(
                directory, "a.yaml", deployment.formatted(host, "localhost/portcullis/busybox:1")));
    assertThat(there.code()).as(there.err()).isZero();
    assertThat(there.out()).contains("of the machine");
    assertThat(Files.getAttribute(host, "unix:gid")).isEqualTo(group);
    Result missing =
        run(PodText.write(directory, "b.yaml", deployment.formatted(host, "localhost/none:1")));
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err()).contains("localhost/none:1", "--load-image");
  }
}
