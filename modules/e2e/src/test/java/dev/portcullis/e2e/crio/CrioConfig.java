package dev.portcullis.e2e.crio;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// What a CRI-O is told: crio.conf(5), with everything that it writes below one directory.
final class CrioConfig {
  /// Annotations by which CRI-O takes another filter than that of the profile, where a handler
  /// allows them, by their old and their new names: `pkg/annotations` of its sources.
  private static final String SECCOMP_ANNOTATIONS =
      """
      allowed_annotations = [
        "io.kubernetes.cri-o.seccompNotifierAction", "seccomp-notifier-action.crio.io",
        "seccomp-profile.kubernetes.cri-o.io", "seccomp-profile.crio.io",
      ]
      """;

  private final Path directory;
  private final SequencedMap<String, String> handlers = new LinkedHashMap<>();
  private String image = "";
  private String runtime = "";

  CrioConfig(Path directory) {
    this.directory = directory;
  }

  /// A handler of an OCI runtime; the first one is the default.
  void handler(String name, Path program) {
    handlers.put(name, table(name, program));
  }

  /// One that obeys annotations about seccomp.
  void annotatedHandler(String name, Path program) {
    handlers.put(name, table(name, program) + SECCOMP_ANNOTATIONS);
  }

  /// One that has a default profile of its own.
  void handlerWithDefault(String name, Path program, Path profile) {
    handlers.put(name, table(name, program) + "seccomp_profile = \"" + profile + "\"\n");
  }

  /// Images are checked by a policy, containers-policy.json(5).
  void signaturePolicy(Path policy) {
    image += "signature_policy = \"" + policy + "\"\n";
  }

  /// Privileged containers have a filter.
  void privilegedProfile(Path profile) {
    runtime += "privileged_seccomp_profile = \"" + profile + "\"\n";
  }

  private String table(String name, Path program) {
    return """
    [crio.runtime.runtimes.%1$s]
    runtime_path = "%2$s"
    runtime_type = "oci"
    runtime_root = "%3$s/runtimes/%1$s"
    monitor_path = "%4$s"
    monitor_cgroup = "pod"
    """
        .formatted(name, program, directory, CrioPrograms.required("conmon"));
  }

  /// @param pinns the program that makes namespaces
  /// @param plugins the directory of the CNI plugins
  String text(Path pinns, Path plugins) {
    Map.Entry<String, String> first = handlers.firstEntry();
    return """
    [crio]
    root = "%1$s/root"
    runroot = "%1$s/runroot"
    storage_driver = "overlay"
    log_dir = "%1$s/log"
    version_file = "%1$s/version"
    version_file_persist = "%1$s/version-persist"
    clean_shutdown_file = "%1$s/clean"
    [crio.api]
    listen = "%1$s/crio.sock"
    stream_address = "127.0.0.1"
    stream_port = "0"
    [crio.runtime]
    default_runtime = "%2$s"
    cgroup_manager = "cgroupfs"
    conmon_cgroup = "pod"
    selinux = false
    hooks_dir = ["%1$s/hooks"]
    namespaces_dir = "%1$s/namespaces"
    container_exits_dir = "%1$s/exits"
    container_attach_socket_dir = "%1$s/attach"
    pinns_path = "%3$s"
    irqbalance_config_restore_file = "disable"
    %4$s
    [crio.image]
    pause_image = "localhost/portcullis/pause:1"
    # As the image says.
    pause_command = ""
    signature_policy_dir = "%1$s/policies"
    %5$s
    [crio.network]
    network_dir = "%1$s/cni"
    plugin_dirs = ["%6$s"]
    [crio.nri]
    enable_nri = false
    %7$s
    """
        .formatted(
            directory,
            first.getKey(),
            pinns,
            runtime,
            image,
            plugins,
            String.join("", handlers.values()));
  }
}
