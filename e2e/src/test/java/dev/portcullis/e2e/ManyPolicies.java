package dev.portcullis.e2e;

import dev.portcullis.e2e.cluster.Cluster;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/// Thousands of SeccompPolicies at once; kubectl would take minutes.
final class ManyPolicies {
  private static final String PATH = "/apis/portcullis.dev/v1alpha1/seccomppolicies";
  private static final String LABELLED = PATH + "?labelSelector=many%3Dyes";
  private static final int AT_ONCE = 8;

  private ManyPolicies() {}

  private static KubernetesClient client(Cluster cluster) {
    Config config = Config.fromKubeconfig(cluster.kubeconfig("admin").toFile());
    config.setClientKeyAlgo("EC");
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  static void create(Cluster cluster, int count) throws IOException, InterruptedException {
    try (KubernetesClient client = client(cluster);
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (Future<?> part :
          IntStream.range(0, AT_ONCE)
              .<Future<?>>mapToObj(first ->
                  threads.submit(() -> {
                    for (int i = first; i < count; i += AT_ONCE) {
                      client.raw(PATH, "POST", policy(i));
                    }
                  }))
              .toList()) {
        part.get();
      }
    } catch (ExecutionException failed) {
      throw new IOException(failed.getCause());
    }
  }

  static String name(int number) {
    return "many-%04d".formatted(number);
  }

  private static String policy(int number) {
    return """
    {"apiVersion": "portcullis.dev/v1alpha1", "kind": "SeccompPolicy",
     "metadata": {"name": "%1$s", "labels": {"many": "yes"}},
     "spec": {"allowedProfiles": ["localhost/%1$s/*"]}}
    """
        .formatted(name(number));
  }

  static void delete(Cluster cluster) throws IOException {
    try (KubernetesClient client = client(cluster)) {
      client.raw(LABELLED, "DELETE", null);
    }
    cluster.waitUntil(
        "they are gone",
        Duration.ofMinutes(1),
        () -> cluster.admin("get", "scp", "-l=many=yes", "-o=name").isEmpty());
  }
}
