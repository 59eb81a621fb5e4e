package dev.portcullis.e2e.cluster;

import dev.portcullis.run.containerd.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The programs of a Kubernetes, with an etcd beside them, and where its kubelet wants a newer one
/// than the machine has, a containerd.
///
/// @param directory where they are
/// @param version as `1.20.2`
record Programs(Path directory, String version) {
  /// What `tools/kubernetes` builds.
  private static final String BUILT = "1.20.2";

  /// The directory of another Kubernetes.
  static final String WANTED = "PORTCULLIS_KUBERNETES";

  private static final Pattern VERSION = Pattern.compile("Kubernetes v(1\\.\\d+\\.\\d+\\S*)\\s*");

  /// Those that the environment names, else those that the tool puts into the cache.
  ///
  /// @throws IOException where those that it names do not say their version
  static Programs of(Map<String, String> environment) throws IOException {
    String wanted = environment.getOrDefault(WANTED, "");
    return wanted.isEmpty()
        ? new Programs(Cache.directory(environment).resolve("kubernetes-" + BUILT), BUILT)
        : of(Path.of(wanted).toAbsolutePath());
  }

  private static Programs of(Path directory) throws IOException {
    String said =
        Commands.ofSystem()
            .run(
                List.of(directory.resolve("kube-apiserver").toString(), "--version"),
                Duration.ofSeconds(30))
            .output();
    Matcher version = VERSION.matcher(said);
    if (!version.matches()) {
      throw new IOException(
          WANTED + "=" + directory + ": kube-apiserver --version says " + said.strip());
    }
    return new Programs(directory, version.group(1));
  }

  /// Whether they are older than a minor version, as 25 for 1.25.
  boolean before(int minor) {
    return Integer.parseInt(version.split("\\.", 3)[1]) < minor;
  }

  /// Why such a cluster cannot be had of them; empty where it can.
  String missing(ClusterParts parts) {
    List<String> missing =
        parts.programs().stream()
            .filter(name -> !Files.isExecutable(directory.resolve(name)))
            .toList();
    return missing.isEmpty()
        ? ""
        : "no "
            + String.join(", ", missing)
            + " in "
            + directory
            + ": tools/kubernetes builds Kubernetes "
            + BUILT
            + ", and "
            + WANTED
            + " names the directory of another";
  }

  /// The directory of a containerd that belongs to them; null where they take that of the machine.
  @Nullable Path containerd() {
    return Files.isExecutable(directory.resolve("containerd")) ? directory : null;
  }

  String path(String name) {
    return directory.resolve(name).toString();
  }
}
