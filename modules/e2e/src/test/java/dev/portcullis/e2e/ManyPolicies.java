package dev.portcullis.e2e;

import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.e2e.cluster.Cluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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

  static void create(Cluster cluster, int count) throws IOException, InterruptedException {
    try (ClusterConnection connection = ClusterConnection.open(cluster.kubeconfig("admin"));
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (Future<?> part :
          IntStream.range(0, AT_ONCE)
              .<Future<?>>mapToObj(first ->
                  threads.submit(() -> {
                    for (int i = first; i < count; i += AT_ONCE) {
                      var _ = connection.create(PATH, policy(i), "create a policy");
                    }
                    return null;
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

  private static Mapping policy(int number) {
    String name = name(number);
    return new MappingBuilder()
        .put("apiVersion", "portcullis.dev/v1alpha1")
        .put("kind", "SeccompPolicy")
        .put(
            "metadata",
            new MappingBuilder()
                .put("name", name)
                .put("labels", new MappingBuilder().put("many", "yes").build())
                .build())
        .put(
            "spec",
            new MappingBuilder()
                .putTexts("allowedProfiles", List.of("localhost/" + name + "/*"))
                .build())
        .build();
  }

  static void delete(Cluster cluster) throws IOException {
    try (ClusterConnection connection = ClusterConnection.open(cluster.kubeconfig("admin"))) {
      connection.delete(LABELLED, "delete the policies");
    }
    cluster.waitUntil(
        "they are gone",
        Duration.ofMinutes(1),
        () -> cluster.admin("get", "scp", "-l=many=yes", "-o=name").isEmpty());
  }
}
