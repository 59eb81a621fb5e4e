package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.Result;
import dev.portcullis.node.cri.CriException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Portcullis in a cluster, installed as people install it: its image, and `kubectl apply -k`.
final class Installation {
  static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  static final String MANIFESTS = REPOSITORY.resolve("deploy/overlays/kubernetes-1.20").toString();

  private static final Path IMAGE = REPOSITORY.resolve(".build/portcullis-image.tar");
  private static final Duration BUILDING = Duration.ofMinutes(10);

  private Installation() {}

  /// Installs it, and comes back when API servers ask it.
  static void into(Cluster cluster) throws IOException, InterruptedException, CriException {
    build();
    cluster.loadImage(IMAGE);
    // Servers before 1.21 do not label namespaces with their names, by which this one is excluded.
    cluster.admin(
        "label",
        "namespace",
        "kube-system",
        "kubernetes.io/metadata.name=kube-system",
        "--overwrite");
    cluster.admin("apply", "-k", MANIFESTS);
    awaitReady(cluster);
  }

  static void awaitReady(Cluster cluster) throws IOException {
    cluster.waitUntil(
        "two replicas of the webhook are ready",
        Duration.ofSeconds(90),
        () ->
            cluster
                .admin(
                    "get",
                    "deployment",
                    "-n=portcullis",
                    "portcullis-webhook",
                    "-o=jsonpath={.status.readyReplicas}")
                .equals("2"));
    cluster.waitUntil(
        "the API server asks the webhook",
        Duration.ofSeconds(60),
        () -> probe(cluster).err().contains("denied the request"));
  }

  /// Tries what no policy of any test allows.
  static Result probe(Cluster cluster) throws IOException {
    return cluster.kubectl(
        "admin",
        "run",
        "probe",
        "--namespace=default",
        "--dry-run=server",
        "--restart=Never",
        "--image=" + cluster.busybox(),
        "--overrides={\"metadata\":{\"annotations\":{\"seccomp.security.alpha.kubernetes.io/pod\":"
            + "\"localhost/of-nobody\"}}}");
  }

  private static void build() throws IOException, InterruptedException {
    Path log = Files.createTempFile("portcullis-image", ".log");
    Process process =
        new ProcessBuilder(REPOSITORY.resolve("portcullis-image").toString(), "--if-needed")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(BUILDING.toSeconds(), TimeUnit.SECONDS)) {
      process.destroy();
      throw new IOException("the image is not built after " + BUILDING + ": " + log);
    }
    if (process.exitValue() != 0) {
      throw new IOException("the image cannot be built:\n" + Files.readString(log, UTF_8));
    }
    Files.delete(log);
  }
}
