package dev.portcullis.e2e.cluster;

import java.util.List;

/// What of a cluster runs.
enum ClusterParts {
  /// All servers, and a node.
  ALL(""),

  /// The same, and Portcullis between the kubelet and its runtime.
  BEHIND_PORTCULLIS(" behind Portcullis"),

  /// An API server with its data: enough for whatever is decided at admission. Nobody makes service
  /// accounts, runs pods, or ends namespaces.
  API_SERVER(" of an API server alone");

  private final String words;

  ClusterParts(String words) {
    this.words = words;
  }

  /// How it differs from others, after "a cluster".
  String words() {
    return words;
  }

  /// What is needed of a Kubernetes.
  List<String> programs() {
    return this == API_SERVER
        ? List.of("etcd", "kube-apiserver", "kubectl")
        : List.of(
            "etcd",
            "kube-apiserver",
            "kube-controller-manager",
            "kube-scheduler",
            "kubectl",
            "kubelet");
  }
}
