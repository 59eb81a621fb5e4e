package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What `policy compile` writes, in a cluster, as docs/without-webhook.md has it.
final class PoliciesOnly {
  private static final String MINE = "-l=app.kubernetes.io/managed-by=portcullis";

  /// A security context that no policy of any test allows.
  static final String OF_NOBODY =
      "{\"seccompProfile\": {\"type\": \"Localhost\", \"localhostProfile\": \"of-nobody\"}}";

  private PoliciesOnly() {}

  /// Compiles a text of policies and grants.
  static String compiled(Path work, String yaml, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("policy", "compile"));
    arguments.add(Files.writeString(work.resolve("policies.yaml"), yaml).toString());
    arguments.addAll(List.of(options));
    Portcullis.Result result = Portcullis.run(arguments.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
    return result.out();
  }

  /// Applies it, and comes back when it refuses what no policy of any test allows.
  static void apply(Cluster cluster, Path work, String compiled) throws IOException {
    apply(cluster, work, compiled, "default");
  }

  /// @param namespace one that is not exempt
  static void apply(Cluster cluster, Path work, String compiled, String namespace)
      throws IOException {
    Path file = Files.writeString(work.resolve("admission-policies.yaml"), compiled);
    cluster.admin("apply", "--server-side", "--dry-run=server", "-f=" + file);
    cluster.admin("apply", "--server-side", "-f=" + file);
    awaitInForce(cluster, namespace);
  }

  /// Comes back when both kinds of policies count: a default is written, and a pod refused.
  static void awaitInForce(Cluster cluster, String namespace) throws IOException {
    cluster.waitUntil(
        "portcullis-pods refuses pods",
        () -> {
          assertThat(probe(cluster, namespace, OF_NOBODY).err()).contains("'portcullis-pods'");
          return true;
        });
    cluster.waitUntil(
        "portcullis-fields writes into pods",
        () -> probe(cluster, namespace, "{}").out().equals("compiled"));
  }

  /// Tries a pod.
  ///
  /// @param context its security context
  /// @return the record that it would have
  static Result probe(Cluster cluster, String namespace, String context) throws IOException {
    return cluster.tryPod(
        "admin",
        namespace,
        """
        {"metadata": {"name": "probe"}, "spec": {"securityContext": %s,
         "containers": [{"name": "probe", "image": "x"}]}}
        """
            .formatted(context),
        "{.metadata.annotations.portcullis\\.dev/policy}");
  }

  /// Takes it away, bindings first, and comes back when nothing is decided by it any more.
  static void remove(Cluster cluster) throws IOException {
    for (String kinds :
        List.of(
            "validatingadmissionpolicybindings,mutatingadmissionpolicybindings",
            "validatingadmissionpolicies,mutatingadmissionpolicies")) {
      cluster.admin("delete", kinds, MINE);
    }
    cluster.waitUntil(
        "nothing is refused any more",
        () -> !Installation.probe(cluster).err().contains("ValidatingAdmissionPolicy"));
  }
}
