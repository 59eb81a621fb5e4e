package dev.portcullis.run.containerd;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The configuration file, version 2: what containerd 1.6 and 1.7 read, and 2.x converts.
///
/// @param snapshotter `overlayfs` or `native`
/// @param handlers the runtimes by the name of their handler
/// @param plugins the CNI plugins; null where there is no network
record ContainerdConfig(
    InstanceDirectory directory,
    String snapshotter,
    Map<String, Path> handlers,
    @Nullable Path plugins) {

  String text() {
    var text = new StringBuilder();
    text.append(
        """
        version = 2
        root = "%1$s/root"
        state = "%1$s/state"
        temp = "%1$s/tmp"
        # What is not needed, what looks for other devices and daemons, and what writes elsewhere.
        disabled_plugins = [
          "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.blockfile",
          "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
          "io.containerd.snapshotter.v1.erofs", "io.containerd.snapshotter.v1.zfs",
          "io.containerd.internal.v1.opt", "io.containerd.internal.v1.restart",
          "io.containerd.internal.v1.tracing", "io.containerd.tracing.processor.v1.otlp",
        ]
        [grpc]
          address = "%1$s/containerd.sock"
        [ttrpc]
          address = "%1$s/containerd.sock.ttrpc"
        [plugins."io.containerd.nri.v1.nri"]
          disable = true
        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = "%2$s"
          # Without CAP_SYS_RESOURCE, as in many machines in machines, a score cannot be lowered.
          restrict_oom_score_adj = true
          stream_server_address = "127.0.0.1"
          stream_server_port = "0"
          netns_mounts_under_state_dir = true
          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = "%3$s"
            conf_dir = "%4$s"
          [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = "%5$s"
            default_runtime_name = "runc"
        """
            .formatted(
                directory.path(),
                ImageArchive.PAUSE,
                plugins == null ? directory.path().resolve("no-plugins") : plugins,
                directory.networks(),
                snapshotter));
    new TreeMap<>(handlers)
        .forEach((name, program) ->
            text.append(
                """
                    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes."%1$s"]
                      runtime_type = "io.containerd.runc.v2"
                      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes."%1$s".options]
                        BinaryName = "%2$s"
                        Root = "%3$s/runtimes/%1$s"
                        SystemdCgroup = false
                """
                    .formatted(name, program, directory.path())));
    return text.toString();
  }
}
