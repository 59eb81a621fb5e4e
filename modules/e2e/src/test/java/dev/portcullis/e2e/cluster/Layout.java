package dev.portcullis.e2e.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where the parts of a cluster are.
///
/// @param instance the directory of the cluster's containerd. Everything of the cluster is below
///   it, also an argument of each program, so that what removes the one removes the other
/// @param logs what outlives the cluster
record Layout(Path instance, Path logs, NodeNetwork network, Programs programs) {
  static final String NODE = "node";
  static final int ANOTHER_PORT = 444;

  static Layout create(Path instance, NodeNetwork network, Programs programs) throws IOException {
    Path logs =
        Path.of("modules/e2e/target/cluster", instance.getFileName().toString()).toAbsolutePath();
    Files.createDirectories(logs);
    Layout layout = new Layout(instance, logs, network, programs);
    for (Path made :
        new Path[] {
          layout.keys(),
          layout.profileRoot(),
          layout.file("etcd"),
          layout.file("var-log"),
          layout.file("sysctl"),
          layout.file("kubectl"),
          layout.file("plugins"),
          layout.staticPods(),
          layout.file("portcullis")
        }) {
      Files.createDirectories(made);
    }
    return layout;
  }

  Path file(String name) {
    return instance.resolve("cluster").resolve(name);
  }

  Path keys() {
    return file("keys");
  }

  /// What is /var/lib/kubelet elsewhere.
  Path kubelet() {
    return file("kubelet");
  }

  /// Where `localhost/` profiles are. Its place is fixed in the kubelet, unless it is told.
  Path profileRoot() {
    return kubelet().resolve("seccomp");
  }

  /// Where the kubelet looks for static pods.
  Path staticPods() {
    return file("static-pods");
  }

  /// Where Portcullis listens for the kubelet, where it does.
  Path proxy() {
    return file("portcullis").resolve("cri.sock");
  }

  String key(String name) {
    return keys().resolve(name + ".key").toString();
  }

  String certificate(String name) {
    return keys().resolve(name + ".crt").toString();
  }

  String apiServer() {
    return "https://" + network.address() + ":443";
  }

  String anotherApiServer() {
    return "https://" + network.address() + ":" + ANOTHER_PORT;
  }

  String etcd() {
    return "http://" + network.loopback() + ":2379";
  }

  Path kubeconfig(String user) {
    return keys().resolve(user + ".kubeconfig");
  }
}
