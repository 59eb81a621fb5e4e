package dev.portcullis.e2e.cluster;

import dev.portcullis.run.containerd.PrivateContainerd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The kubelet, in the mount namespace of its containerd, where each sees the volumes of the other.
///
/// What it would change on the machine it finds changed already: files are mounted over these
/// settings, in that namespace only.
final class Kubelet {
  // What pkg/kubelet/cm/container_manager_linux.go sets where it finds something else.
  private static final Map<String, String> SYSCTLS =
      Map.of(
          "vm/overcommit_memory", "1",
          "vm/panic_on_oom", "0",
          "kernel/panic", "10",
          "kernel/panic_on_oops", "1",
          "kernel/keys/root_maxkeys", "1000000",
          "kernel/keys/root_maxbytes", "25000000");

  private final Layout layout;
  private final PrivateContainerd containerd;
  private final String runtime;
  private final boolean old;

  /// @param runtime the endpoint of what it takes for its runtime
  Kubelet(Layout layout, PrivateContainerd containerd, String runtime) {
    this.layout = layout;
    this.containerd = containerd;
    this.runtime = runtime;
    this.old = layout.programs().before(23);
  }

  List<String> command() throws IOException {
    Files.writeString(layout.file("resolv.conf"), "");
    Files.writeString(layout.file("kubelet.yaml"), config());
    Path script = Files.writeString(layout.file("kubelet.sh"), script());
    return List.of("sh", script.toString());
  }

  private String script() throws IOException {
    StringBuilder mounts = new StringBuilder();
    for (Map.Entry<String, String> entry : new TreeMap<>(SYSCTLS).entrySet()) {
      Path file = layout.file("sysctl").resolve(entry.getKey().replace('/', '.'));
      Files.writeString(file, entry.getValue() + "\n");
      mounts.append("mount --bind %s /proc/sys/%s%n".formatted(file, entry.getKey()));
    }
    return """
    #!/bin/sh
    set -e
    %1$s
    # /var/log/pods and /var/log/containers are fixed in its source.
    mount --bind %2$s /var/log
    %13$s
    # Its root group must be there, in every hierarchy.
    for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
      [ ! -e "$hierarchy/cgroup.procs" ] || mkdir -p "$hierarchy%3$s"
    done
    exec %4$s --config=%5$s --kubeconfig=%6$s --root-dir=%7$s --cert-dir=%8$s \\
      --container-runtime-endpoint=%9$s --hostname-override=%10$s --node-ip=%11$s %12$s
    """
        .formatted(
            mounts.toString().stripTrailing(),
            layout.file("var-log"),
            containerd.cgroupParent(),
            layout.programs().path("kubelet"),
            layout.file("kubelet.yaml"),
            layout.kubeconfig("system:node:" + Layout.NODE),
            layout.kubelet(),
            layout.keys(),
            runtime,
            Layout.NODE,
            layout.network().address(),
            // Afterwards the runtime is always asked by CRI, and the root has a fixed place.
            old ? "--container-runtime=remote --seccomp-profile-root=" + layout.profileRoot() : "",
            // The sockets of device plugins are there, whatever --root-dir says.
            old
                ? ""
                : "mkdir -p /var/lib/kubelet\nmount --bind "
                    + layout.kubelet()
                    + " /var/lib/kubelet");
  }

  private String config() {
    return """
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    address: "%1$s"
    healthzPort: 0
    readOnlyPort: 0
    tlsCertFile: "%2$s"
    tlsPrivateKeyFile: "%3$s"
    authentication:
      anonymous: {enabled: false}
      webhook: {enabled: false}
      x509: {clientCAFile: "%4$s"}
    authorization: {mode: AlwaysAllow}
    cgroupDriver: cgroupfs
    cgroupRoot: "%5$s"
    failSwapOn: false
    # Below zero takes CAP_SYS_RESOURCE, which a machine in a machine may not have.
    oomScoreAdj: 0
    makeIPTablesUtilChains: false
    # By default it asks five times a second, and tells of the pods of a test long after they run.
    kubeAPIQPS: 100
    kubeAPIBurst: 200
    eventRecordQPS: 0
    # The first report that says ready comes with the second one.
    nodeStatusUpdateFrequency: 1s
    # No name of the machine's network is asked for.
    resolvConf: "%6$s"
    volumePluginDir: "%7$s"
    staticPodPath: "%8$s"
    # Images come from files: what is thrown away does not come back. And the disk may be full.
    imageGCHighThresholdPercent: 100
    imageGCLowThresholdPercent: 99
    evictionHard: {nodefs.available: "0%%", nodefs.inodesFree: "0%%", imagefs.available: "0%%"}
    %9$s
    """
        .formatted(
            layout.network().address(),
            layout.certificate("kubelet"),
            layout.key("kubelet"),
            layout.certificate("ca"),
            containerd.cgroupParent(),
            layout.file("resolv.conf"),
            layout.file("plugins"),
            layout.staticPods(),
            old
                ? "featureGates: {EphemeralContainers: true, DevicePlugins: false}"
                : "failCgroupV1: false");
  }
}
