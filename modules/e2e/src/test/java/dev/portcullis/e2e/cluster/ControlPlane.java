package dev.portcullis.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/// The command lines of etcd and of Kubernetes' servers.
record ControlPlane(Layout layout) {
  // A webhook's audit annotations are seen nowhere else.
  private static final String AUDIT =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
      - level: Metadata
        verbs: [create, update, patch, delete]
        resources: [{group: "", resources: [pods, pods/ephemeralcontainers]}]
      - level: None
      """;

  /// In memory: its data is worth nothing after the test, and its writes wait for the disk.
  List<String> etcd() {
    String peers = "http://" + layout.network().loopback() + ":2380";
    return List.of(
        "sh",
        "-c",
        "mount -t tmpfs -o size=512m etcd \"$0\" && exec \"$@\"",
        layout.file("etcd").toString(),
        layout.programs().path("etcd"),
        "--name=etcd",
        "--data-dir=" + layout.file("etcd").resolve("data"),
        "--listen-client-urls=" + layout.etcd(),
        "--advertise-client-urls=" + layout.etcd(),
        "--listen-peer-urls=" + peers,
        "--initial-advertise-peer-urls=" + peers,
        "--initial-cluster=etcd=" + peers);
  }

  /// @param plugins what is asked at admission besides what is by default, which includes both
  ///   kinds of webhooks
  List<String> apiServer(Collection<String> plugins) throws IOException {
    Files.writeString(layout.file("audit.yaml"), AUDIT);
    // As docs/install.md has it. A webhook that asks for no certificate is shown none.
    Files.writeString(
        layout.file("webhooks.kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        users:
        - name: portcullis-webhook.portcullis.svc
          user: {client-certificate: %s, client-key: %s}
        """
            .formatted(layout.certificate("kube-apiserver"), layout.key("kube-apiserver")));
    Files.writeString(
        layout.file("admission.yaml"),
        """
        apiVersion: apiserver.config.k8s.io/v1
        kind: AdmissionConfiguration
        plugins:
        - name: ValidatingAdmissionWebhook
          configuration:
            apiVersion: apiserver.config.k8s.io/v1
            kind: WebhookAdmissionConfiguration
            kubeConfigFile: %s
        - name: MutatingAdmissionWebhook
          configuration:
            apiVersion: apiserver.config.k8s.io/v1
            kind: WebhookAdmissionConfiguration
            kubeConfigFile: %s
        """
            .formatted(layout.file("webhooks.kubeconfig"), layout.file("webhooks.kubeconfig")));
    List<String> command =
        new ArrayList<>(
            List.of(
                layout.programs().path("kube-apiserver"),
                "--etcd-servers=" + layout.etcd(),
                "--bind-address=" + layout.network().address(),
                "--advertise-address=" + layout.network().address(),
                "--secure-port=443",
                "--service-cluster-ip-range=" + layout.network().services(),
                "--tls-cert-file=" + layout.certificate("kube-apiserver"),
                "--tls-private-key-file=" + layout.key("kube-apiserver"),
                "--cert-dir=" + layout.keys(),
                "--client-ca-file=" + layout.certificate("ca"),
                "--kubelet-certificate-authority=" + layout.certificate("ca"),
                "--kubelet-client-certificate=" + layout.certificate("kube-apiserver"),
                "--kubelet-client-key=" + layout.key("kube-apiserver"),
                "--kubelet-preferred-address-types=InternalIP",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-signing-key-file=" + layout.key("tokens"),
                "--service-account-key-file=" + layout.keys().resolve("tokens.pub"),
                "--authorization-mode=Node,RBAC",
                "--allow-privileged=true",
                // Thousands of objects that are deleted together go one after another otherwise.
                "--delete-collection-workers=8",
                // There is no kube-proxy: webhooks are called at the addresses of their pods.
                "--enable-aggregator-routing=true",
                "--admission-control-config-file=" + layout.file("admission.yaml"),
                "--audit-policy-file=" + layout.file("audit.yaml"),
                "--audit-log-path=" + layout.logs().resolve("audit.json")));
    if (layout.programs().before(23)) {
      command.add("--feature-gates=EphemeralContainers=true");
    }
    if (!plugins.isEmpty()) {
      command.add("--enable-admission-plugins=" + String.join(",", new TreeSet<>(plugins)));
    }
    return List.copyOf(command);
  }

  /// One more API server on the same data, which differs in nothing but its plugins. Of two options
  /// of one name the last counts.
  List<String> anotherApiServer(Collection<String> plugins) throws IOException {
    List<String> command = new ArrayList<>(apiServer(plugins));
    command.add("--secure-port=" + Layout.ANOTHER_PORT);
    // The Service `kubernetes` goes on leading to the first.
    command.add("--endpoint-reconciler-type=none");
    command.add("--audit-log-path=" + layout.logs().resolve("audit-another.json"));
    return List.copyOf(command);
  }

  List<String> controllerManager() {
    return client(
        "kube-controller-manager",
        // By default a namespace with some objects waits for its turn for seconds.
        "--kube-api-qps=200",
        "--kube-api-burst=400",
        // Each controller asks as its own service account: what a webhook is told of a
        // Deployment's pods.
        "--use-service-account-credentials=true",
        "--service-account-private-key-file=" + layout.key("tokens"),
        "--root-ca-file=" + layout.certificate("ca"));
  }

  List<String> scheduler() {
    return client("kube-scheduler");
  }

  /// One of those that work for the API server, and serve nobody.
  private List<String> client(String name, String... options) {
    List<String> command =
        new ArrayList<>(
            List.of(
                layout.programs().path(name),
                "--kubeconfig=" + layout.kubeconfig("system:" + name),
                "--secure-port=0",
                "--leader-elect=false"));
    if (layout.programs().before(24)) {
      command.add("--port=0");
    }
    command.addAll(List.of(options));
    return List.copyOf(command);
  }
}
