package dev.portcullis.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.Cluster;
import dev.portcullis.e2e.cluster.RealCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A real Prometheus scrapes a webhook and a node that have done something, and is asked what the
/// alerts and the dashboard ask.
@Tag(ClusterLane.TAG)
class ScrapedMetricsTest {
  @RegisterExtension static final RealCluster REAL = RealCluster.behindPortcullis();

  private static final Pattern HEALTH = Pattern.compile("\"health\" ?: ?\"http://([^\"]+)\"");

  @TempDir private Path directory;

  /// The address of the node's pages, from the log of the node that is between kubelet and
  /// containerd: the last one that started.
  private static String node() throws IOException {
    String address = "";
    try (Stream<Path> files = Files.list(REAL.get().logs())) {
      for (Path file :
          files.filter(it -> it.getFileName().toString().startsWith("portcullis")).toList()) {
        Matcher health = HEALTH.matcher(Files.readString(file));
        while (health.find()) {
          address = health.group(1);
        }
      }
    }
    assertThat(address).isNotEmpty();
    return address;
  }

  /// As service-monitor.yaml has it: by the authority in the Secret, and the Service's name.
  private String targets() throws IOException {
    Cluster cluster = REAL.get();
    Tree tls =
        Tree.all(Monitoring.DIRECTORY.resolve("service-monitor.yaml"))
            .getFirst()
            .at("spec")
            .objects("endpoints")
            .getFirst()
            .at("tlsConfig");
    Tree secret = tls.at("ca", "secret");
    String authority =
        cluster.admin(
            "get",
            "secret",
            "-n=portcullis",
            secret.text("name"),
            "-o=jsonpath={.data." + secret.text("key").replace(".", "\\.") + "}");
    Path file = Files.write(directory.resolve("ca.crt"), Base64.getDecoder().decode(authority));
    return """
    - job_name: webhook
      scheme: https
      tls_config: {ca_file: %s, server_name: %s}
      static_configs: [{targets: ['%s:%d']}]
    - job_name: node
      static_configs: [{targets: ['%s']}]
    """
        .formatted(
            file, tls.text("serverName"), cluster.nodeAddress(), WebhookProcess.PORT, node());
  }

  @Test
  void everyMetricIsThereAndEveryExpressionIsAnswered() throws Exception {
    Cluster cluster = REAL.get();
    OnePolicyNamespace namespace = OnePolicyNamespace.install(cluster, "scraped");
    Path log = Files.createTempFile(cluster.logs(), "webhook-", ".log");
    try (WebhookProcess webhook = WebhookProcess.startAsInTheImage(cluster, log)) {
      cluster.waitUntil("it is asked", namespace::admits);
      assertThat(namespace.attempt(false).ok()).isFalse();
      cluster.admin(
          "run",
          "scraped",
          "-n=scraped",
          "--image=" + cluster.busybox(),
          "--restart=Never",
          "--command",
          "--",
          "httpd",
          "-f");
      cluster.seccomp("scraped", "scraped", "scraped");
      try (Prometheus prometheus = Prometheus.start(directory, targets())) {
        cluster.waitUntil(
            "both are scraped twice",
            () -> prometheus.ask("count_over_time(up[1m]) >= 2 and up == 1").size() == 2);
        List<String> absent = new ArrayList<>();
        for (String metric : Monitoring.metrics()) {
          if (prometheus.ask(metric).isEmpty()) {
            absent.add(metric);
          }
        }
        assertThat(absent).isEmpty();
        for (String expression : Monitoring.expressions()) {
          assertThat(prometheus.ask(expression)).as(expression).isNotNull();
        }
        assertThat(prometheus.ask("portcullis_ready == 1")).hasSize(1);
        assertThat(prometheus.ask("absent(portcullis_ready == 1)")).isEmpty();
      }
      assertThat(webhook.alive()).isTrue();
    } finally {
      namespace.uninstall();
    }
  }
}
