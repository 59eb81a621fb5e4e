package dev.portcullis.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.e2e.cluster.AnyCertificate;
import dev.portcullis.e2e.cluster.Authority;
import dev.portcullis.e2e.cluster.Cluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `portcullis webhook` in a process of its own on this machine, and the objects by which an API
/// server finds it there: those of `deploy/`, but for the Deployment.
final class WebhookProcess implements AutoCloseable {
  /// The name by which API servers know it.
  static final String DNS_NAME = "portcullis-webhook.portcullis.svc";

  private static final Path BASE = Path.of("deploy/webhook/base").toAbsolutePath().normalize();
  private static final List<String> FILES =
      List.of(
          "namespace.yaml",
          "crd.yaml",
          "service-account.yaml",
          "rbac.yaml",
          "secret.yaml",
          "mutating-webhook.yaml",
          "validating-webhook.yaml");
  private static final String ACCOUNT = "system:serviceaccount:portcullis:portcullis-webhook";
  static final int PORT = 8443;

  private final Cluster cluster;
  private final Process process;
  private final Path log;

  private WebhookProcess(Cluster cluster, Process process, Path log) {
    this.cluster = cluster;
    this.process = process;
    this.log = log;
  }

  /// Applies what belongs to it, without a process yet.
  static void install(Cluster cluster) throws IOException {
    Installation.awaitGone(cluster, Installation.manifests(cluster));
    cluster.addUser(
        ACCOUNT,
        "system:serviceaccounts",
        "system:serviceaccounts:portcullis",
        "system:authenticated");
    cluster.admin(
        "label",
        "namespace",
        "kube-system",
        "kubernetes.io/metadata.name=kube-system",
        "--overwrite");
    for (String file : FILES) {
      cluster.admin("apply", "-f=" + BASE.resolve(file));
    }
    // Without a selector nobody but this test says where it is.
    cluster.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {namespace: portcullis, name: portcullis-webhook}
        spec: {ports: [{name: https, port: 443, protocol: TCP}]}
        ---
        apiVersion: v1
        kind: Endpoints
        metadata: {namespace: portcullis, name: portcullis-webhook}
        subsets:
        - addresses: [{ip: "%s"}]
          ports: [{name: https, port: %d, protocol: TCP}]
        """
            .formatted(cluster.nodeAddress(), PORT));
  }

  static void uninstall(Cluster cluster) throws IOException {
    for (String file : FILES.reversed()) {
      cluster.admin("delete", "--wait=false", "--ignore-not-found", "-f=" + BASE.resolve(file));
    }
    cluster.admin("label", "namespace", "kube-system", "kubernetes.io/metadata.name-");
  }

  /// What API servers are to trust, where the webhook does not say so itself.
  static void trust(Cluster cluster, Authority authority) throws IOException {
    String bundle = Base64.getEncoder().encodeToString(authority.certificate().getBytes(UTF_8));
    for (String kind : List.of("mutating", "validating")) {
      int webhooks = kind.equals("mutating") ? 1 : 3;
      StringBuilder patch = new StringBuilder();
      for (int i = 0; i < webhooks; i++) {
        patch
            .append(i == 0 ? "" : ", ")
            .append(
                """
                {"op": "add", "path": "/webhooks/%d/clientConfig/caBundle", "value": "%s"}
                """
                    .formatted(i, bundle)
                    .strip());
      }
      cluster.admin(
          "patch",
          kind + "webhookconfiguration",
          "portcullis",
          "--type=json",
          "-p=[" + patch + "]");
    }
  }

  /// Puts a certificate where a webhook reads it as a mounted Secret changes: by one rename.
  static void mount(Path directory, Authority.Identity identity) throws IOException {
    Path content = Files.createTempDirectory(directory, "..data-");
    Files.writeString(content.resolve("tls.crt"), identity.certificate());
    Files.writeString(content.resolve("tls.key"), identity.key());
    Path link = Files.createSymbolicLink(directory.resolve("..next"), content.getFileName());
    Files.move(link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    for (String name : List.of("tls.crt", "tls.key")) {
      if (!Files.isSymbolicLink(directory.resolve(name))) {
        Files.createSymbolicLink(directory.resolve(name), Path.of("..data", name));
      }
    }
  }

  /// Starts one, and comes back when it listens.
  static WebhookProcess start(
      Cluster cluster, Path log, Map<String, String> environment, String... more)
      throws IOException {
    List<String> arguments = arguments(cluster);
    arguments.addAll(List.of(more));
    return start(cluster, log, environment, Portcullis.process(arguments.toArray(String[]::new)));
  }

  /// The same with the JVM's options of the image.
  static WebhookProcess startAsInTheImage(Cluster cluster, Path log, String... more)
      throws IOException {
    String script = Files.readString(Path.of("tools/image"));
    List<String> jvm = new ArrayList<>();
    for (String name : List.of("jvm_options", "webhook_options")) {
      Matcher options = Pattern.compile("(?m)^" + name + "='([^']*)'").matcher(script);
      assertThat(options.find()).as(name).isTrue();
      jvm.addAll(List.of(options.group(1).split("\\s+")));
    }
    List<String> arguments = arguments(cluster);
    arguments.addAll(List.of(more));
    return start(cluster, log, Map.of(), Portcullis.process(jvm, arguments));
  }

  private static List<String> arguments(Cluster cluster) {
    return new ArrayList<>(
        List.of(
            "webhook",
            "--listen=" + cluster.nodeAddress() + ":" + PORT,
            "--kubeconfig=" + cluster.kubeconfig(ACCOUNT)));
  }

  private static WebhookProcess start(
      Cluster cluster, Path log, Map<String, String> environment, ProcessBuilder builder)
      throws IOException {
    // A JVM without memory says so on its standard output.
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    WebhookProcess webhook = new WebhookProcess(cluster, builder.start(), log);
    for (int i = 0; i < 300 && !webhook.said().contains("serving on port"); i++) {
      assertThat(webhook.process.isAlive()).as(webhook.said()).isTrue();
      LockSupport.parkNanos(100_000_000);
    }
    assertThat(webhook.said()).contains("serving on port");
    return webhook;
  }

  /// Whether it still runs.
  boolean alive() {
    return process.isAlive();
  }

  /// Its log, so far.
  String said() throws IOException {
    return Files.readString(log);
  }

  /// A page of it, whatever certificate it shows.
  HttpResponse<String> page(String path) throws IOException {
    try (HttpClient client = HttpClient.newBuilder().sslContext(AnyCertificate.trusted()).build()) {
      URI uri = URI.create("https://" + cluster.nodeAddress() + ":" + PORT + path);
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      // It drains for five seconds first; a second signal ends that.
      if (!process.waitFor(1, TimeUnit.SECONDS)) {
        process.destroy();
      }
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(said()).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }
}
