package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.cri.CriException;
import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Portcullis in a cluster, installed as people install it: its image, and `kubectl apply -k`.
final class Installation {
  private static final Path WEBHOOK = Path.of("deploy/webhook").toAbsolutePath().normalize();

  /// The directory of what is installed, by what the cluster's servers understand.
  static String manifests(Cluster cluster) {
    if (cluster.before(21)) {
      return WEBHOOK.resolve("overlays/kubernetes-1.20").toString();
    }
    if (cluster.before(28)) {
      return WEBHOOK.resolve("base").toString();
    }
    String overlay = cluster.before(30) ? "match-conditions" : "kubernetes-1.30";
    return WEBHOOK.resolve("overlays/" + overlay).toString();
  }

  private static final String LABEL = "portcullis.dev/mode";

  private Installation() {}

  /// Installs it, and comes back when API servers ask it.
  static void into(Cluster cluster) throws IOException, InterruptedException, CriException {
    awaitGone(cluster, manifests(cluster));
    apply(cluster);
    awaitReady(cluster);
  }

  /// Installs it, and comes back when its replicas are ready. API servers hear a moment later whom
  /// to ask.
  static void apply(Cluster cluster) throws IOException, InterruptedException, CriException {
    cluster.loadImage(PortcullisImage.build());
    labelSystemNamespace(cluster);
    cluster.admin("apply", "-k", manifests(cluster));
    awaitReplicas(cluster);
  }

  /// Takes it away again, with the label that its installation needed, and comes back when the API
  /// server asks nobody any more. The last of its objects are gone some seconds later.
  static void outOf(Cluster cluster) throws IOException {
    cluster.admin("delete", "-k", manifests(cluster), "--wait=false", "--ignore-not-found");
    cluster.removePods("portcullis");
    unlabelSystemNamespace(cluster);
    awaitSilence(cluster);
  }

  /// Servers before 1.21 do not label namespaces with their names, by which others leave it out.
  static void labelSystemNamespace(Cluster cluster) throws IOException {
    cluster.admin("label", "namespace", "kube-system", LABEL + "=off", "--overwrite");
  }

  static void unlabelSystemNamespace(Cluster cluster) throws IOException {
    cluster.admin("label", "namespace", "kube-system", LABEL + "-");
  }

  /// Comes back when the API server asks the webhook no more.
  static void awaitSilence(Cluster cluster) throws IOException {
    cluster.waitUntil(
        "the API server asks nobody", () -> !probe(cluster).err().contains("portcullis.dev"));
  }

  /// Waits until nothing is left of what an earlier test has begun to take away.
  static void awaitGone(Cluster cluster, String kustomization) throws IOException {
    List<Tree> objects = Tree.all(cluster.admin("kustomize", kustomization).getBytes(UTF_8));
    assertThat(objects).as(kustomization).isNotEmpty();
    cluster.waitUntil(
        "nothing is left of " + kustomization,
        () -> {
          for (Tree object : objects) {
            if (isThere(cluster, object)) {
              return false;
            }
          }
          return true;
        });
  }

  private static boolean isThere(Cluster cluster, Tree object) throws IOException {
    String version = object.text("apiVersion");
    int slash = version.indexOf('/');
    Tree metadata = object.at("metadata");
    return !cluster
        .admin(
            "get",
            object.text("kind").toLowerCase(Locale.ROOT)
                + (slash < 0 ? "" : "." + version.substring(0, slash)),
            metadata.text("name"),
            "-n=" + (metadata.has("namespace") ? metadata.text("namespace") : "default"),
            "--ignore-not-found",
            "-o=name")
        .isEmpty();
  }

  static void awaitReady(Cluster cluster) throws IOException {
    awaitReplicas(cluster);
    cluster.waitUntil(
        "the API server asks the webhook",
        () -> probe(cluster).err().contains("denied the request"));
  }

  private static void awaitReplicas(Cluster cluster) throws IOException {
    cluster.waitUntil(
        "two replicas of the webhook are ready",
        () ->
            cluster
                .admin(
                    "get",
                    "deployment",
                    "-n=portcullis",
                    "portcullis-webhook",
                    "-o=jsonpath={.status.readyReplicas}")
                .equals("2"));
  }

  /// Tries what no policy of any test allows.
  static Result probe(Cluster cluster) throws IOException {
    return cluster.tryPod(
        "admin",
        "default",
        """
        {"metadata": {"name": "probe", "annotations":
          {"seccomp.security.alpha.kubernetes.io/pod": "localhost/of-nobody"}},
         "spec": {"containers": [{"name": "probe", "image": "x"}]}}
        """,
        "{.metadata.name}");
  }
}
