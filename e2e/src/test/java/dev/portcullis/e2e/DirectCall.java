package dev.portcullis.e2e;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// A request to a replica of the webhook itself, by the address of its pod.
final class DirectCall {
  private DirectCall() {}

  /// Sends so many bytes where a review is expected.
  static HttpResponse<String> post(String address, int bytes)
      throws IOException, InterruptedException, GeneralSecurityException {
    // The certificate is for the name of the Service.
    SSLContext anybody = SSLContext.getInstance("TLS");
    anybody.init(null, new X509ExtendedTrustManager[] {new Anybody()}, null);
    try (HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(anybody).build()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("https://" + address + ":8443/mutate"))
              .timeout(Duration.ofSeconds(30))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[bytes]))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

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
