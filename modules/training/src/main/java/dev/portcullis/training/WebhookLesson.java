package dev.portcullis.training;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// A webhook that is asked about pods for a while: beside the classes, its start-up cache then has
/// what the JVM learnt of the methods (JEP 515), so that a new replica is soon as fast as an old
/// one.
final class WebhookLesson {
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

  private final HttpClient client;
  private final int port;

  private WebhookLesson(HttpClient client, int port) {
    this.client = client;
    this.port = port;
  }

  static void take(Launcher launcher) throws IOException, InterruptedException {
    int port = Loopback.freePort();
    try (TemporaryDirectory directory = TemporaryDirectory.make();
        StubApiServer cluster = StubApiServer.start(directory.resolve("kubeconfig"));
        Trainee trainee =
            launcher.start(
                List.of(
                    "webhook",
                    "--listen=127.0.0.1:" + port,
                    "--grant-cache=1s",
                    "--kubeconfig=" + cluster.kubeconfig()));
        HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build()) {
      new WebhookLesson(client, port).take(trainee);
      trainee.terminate();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private void take(Trainee trainee) throws IOException, InterruptedException {
    trainee.await("the webhook is ready", this::isReady);
    for (int i = 0; i < REVIEWS; i++) {
      review("mutate", "Pod", "pods", POD.formatted("runtime/default"));
      review("validate", "Pod", "pods", POD.formatted("localhost/a/b.json"));
      if (i % 10 == 0) {
        review("validate", "Pod", "pods", POD.formatted("unconfined"));
        review("templates", "ReplicaSet", "replicasets", template());
        ask("metrics", null);
      }
    }
  }

  private static String template() {
    return """
    {"metadata":{"name":"a"},"spec":{"selector":{},"template":%s}}\
    """
        .formatted(POD.formatted("unconfined"));
  }

  private boolean isReady() throws InterruptedException {
    try {
      return ask("readyz", null).statusCode() == 200;
    } catch (IOException notListeningYet) {
      return false;
    }
  }

  private void review(String path, String kind, String resource, String object)
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
    HttpResponse<String> response = ask(path, review);
    if (response.statusCode() != 200 || !response.body().contains("\"uid\":\"u\"")) {
      throw new IOException("/" + path + " answers " + response.statusCode() + response.body());
    }
  }

  private HttpResponse<String> ask(String path, @Nullable String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/" + path + "?timeout=5s"))
            .timeout(Trainee.PATIENCE)
            .header("Content-Type", "application/json");
    return client.send(
        (body == null ? request : request.POST(HttpRequest.BodyPublishers.ofString(body))).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /// What listens on this port of the loopback is the webhook that was just started here.
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
