import dev.portcullis.e2e.cluster.Cluster;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The policies of the cluster as `policy compile` writes them, in force in one namespace, where no
/// webhook is asked.
final class Compiled {
  static final String NAMESPACE = "compiled";

  private Compiled() {}

  /// Whether the API server can decide by them.
  static boolean isPossible(Cluster cluster) {
    return !cluster.before(36);
  }

  /// Compiles what is in the cluster, and comes back when it refuses.
  ///
  /// @param others the namespaces where it must decide nothing
  static void into(Cluster cluster, Path work, List<String> others)
      throws IOException, InterruptedException {
    String webhook =
        """
        [{"op": "add", "path": "/webhooks/0/namespaceSelector/matchExpressions/-", "value":
          {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["%s"]}}]
        """
            .formatted(NAMESPACE);
    for (String kind : List.of("mutatingwebhookconfiguration", "validatingwebhookconfiguration")) {
      cluster.admin("patch", kind, "portcullis", "--type=json", "--patch=" + webhook);
    }
    File compiled = work.resolve("compiled.yaml").toFile();
    ProcessBuilder command =
        new ProcessBuilder(
                "./portcullis",
                "policy",
                "compile",
                "--cluster",
                "--kubeconfig=" + cluster.kubeconfig("admin"))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(compiled);
    others.forEach(namespace -> command.command().add("--exempt-namespace=" + namespace));
    if (command.start().waitFor() != 0) {
      throw new IOException("the policies of the cluster could not be compiled");
    }
    cluster.admin("apply", "--server-side", "-f=" + compiled);
    cluster.waitUntil(
        "the compiled policies refuse",
        () ->
            cluster
                .tryPod(
                    "alice",
                    NAMESPACE,
                    """
                    {"metadata": {"name": "probe"}, "spec": {"containers": [{"name": "c", "image": "x"}],
                     "securityContext": {"seccompProfile": {"type": "Unconfined"}}}}
                    """,
                    "{.metadata.name}")
                .err()
                .contains("'portcullis-pods'"));
  }
}
