package dev.portcullis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cli.print.Output;
import dev.portcullis.cli.print.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// A webhook that is asked about pods for a while: beside the classes, its start-up cache then has
/// what the JVM learnt of the methods (JEP 515), so that a new replica is soon as fast as an old
/// one.
final class WebhookLesson {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Enough for the JVM to know the methods of a review.
  private static final int REVIEWS = 1500;

  private static final String POD =
      """
      {"metadata":{"name":"a","annotations":{"container.seccomp.security.alpha.kubernetes.io/b":"%s"}},
       "spec":{"serviceAccountName":"default","initContainers":[{"name":"i","image":"i"}],
               "containers":[{"name":"b","image":"b","env":[{"name":"X","value":"y"}],
                              "resources":{"limits":{"memory":"64Mi"}}},
                             {"name":"c","image":"c","securityContext":{"privileged":false}}]}}\
      """;

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final int port;

  private WebhookLesson(int port) {
    this.port = port;
  }

  static void take() throws IOException {
    try (PretendedCluster cluster = PretendedCluster.start()) {
      new WebhookLesson(freePort()).take(cluster);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void take(PretendedCluster cluster)
      throws IOException, InterruptedException, GeneralSecurityException {
    List<String> command =
        List.of(
            "webhook",
            "--listen=127.0.0.1:" + port,
            "--grant-cache=1s",
            "--kubeconfig=" + cluster.kubeconfig());
    Terminal terminal =
        Terminal.ofProcess(
            InputStream.nullInputStream(), new Output(said), new PrintStream(said), Map.of());
    Thread webhook = Thread.ofPlatform().start(() -> Cli.run(command, new Output(said), terminal));
    try (HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build()) {
      awaitReady(client, webhook);
      for (int i = 0; i < REVIEWS; i++) {
        review(client, "mutate", "Pod", "pods", POD.formatted("runtime/default"));
        review(client, "validate", "Pod", "pods", POD.formatted("localhost/a/b.json"));
        if (i % 10 == 0) {
          review(client, "validate", "Pod", "pods", POD.formatted("unconfined"));
          review(client, "templates", "ReplicaSet", "replicasets", template());
          ask(client, "metrics", null);
        }
      }
    } finally {
      // The first ends it, the second the time in which API servers are to notice.
      while (!webhook.join(Duration.ofMillis(500))) {
        webhook.interrupt();
      }
    }
  }

  private static String template() {
    return """
    {"metadata":{"name":"a"},"spec":{"selector":{},"template":%s}}\
    """
        .formatted(POD.formatted("unconfined"));
  }

  private void awaitReady(HttpClient client, Thread webhook)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isReady(client)) {
      if (!webhook.isAlive() || System.nanoTime() > deadline) {
        throw new IOException("the webhook is not ready: " + said.toString(UTF_8));
      }
      Thread.sleep(50);
    }
  }

  private boolean isReady(HttpClient client) throws InterruptedException {
    try {
      return ask(client, "readyz", null).statusCode() == 200;
    } catch (IOException notListeningYet) {
      return false;
    }
  }

  private void review(HttpClient client, String path, String kind, String resource, String object)
      throws IOException, InterruptedException {
    String group = kind.equals("Pod") ? "" : "apps";
    String review =
        """
        {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u",
         "kind":{"group":"%1$s","version":"v1","kind":"%2$s"},
         "resource":{"group":"%1$s","version":"v1","resource":"%3$s"},
         "namespace":"default","operation":"CREATE","dryRun":false,
         "userInfo":{"username":"ann","groups":["developers","system:authenticated"]},
         "object":%4$s}}\
        """
            .formatted(group, kind, resource, object);
    HttpResponse<String> response = ask(client, path, review);
    if (response.statusCode() != 200 || !response.body().contains("\"uid\":\"u\"")) {
      throw new IOException("/" + path + " answers " + response.statusCode() + response.body());
    }
  }

  private HttpResponse<String> ask(HttpClient client, String path, @Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/" + path + "?timeout=5s"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json");
    return client.send(
        (body == null ? request : request.POST(HttpRequest.BodyPublishers.ofString(body))).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /// Whoever listens on this port of the loopback is the webhook that was just started here.
  private static SSLContext trusting() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new X509ExtendedTrustManager[] {new Anybody()}, null);
    return context;
  }

  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
