package dev.portcullis.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Value;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;

/// A user's requests to the API server, over a connection that is kept.
final class ApiClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String server;
  private final HttpClient client;

  /// @param warnings what the server says beside its answer
  record Answer(int status, String body, List<String> warnings) {
    boolean ok() {
      return status / 100 == 2;
    }

    boolean notFound() {
      return status == 404;
    }

    /// What went wrong, in kubectl's words.
    String error() {
      try {
        Value said = JsonValues.read(body);
        return "Error from server (%s): %s"
            .formatted(
                JsonValues.text(JsonValues.at(said, "reason")),
                JsonValues.text(JsonValues.at(said, "message")));
      } catch (IOException notOfKubernetes) {
        return "Error from server: " + status + " " + body;
      }
    }
  }

  ApiClient(String server, Path kubeconfig) throws IOException {
    this.server = server;
    try {
      this.client = HttpClient.newBuilder().sslContext(ClientIdentity.of(kubeconfig)).build();
    } catch (GeneralSecurityException e) {
      throw new IOException(kubeconfig + " has no certificate to show", e);
    }
  }

  Answer get(String path) throws IOException {
    return send(HttpRequest.newBuilder().GET(), path);
  }

  Answer delete(String path, String options) throws IOException {
    return send(json().method("DELETE", BodyPublishers.ofString(options)), path);
  }

  Answer post(String path, String object) throws IOException {
    return send(json().POST(BodyPublishers.ofString(object)), path);
  }

  Answer put(String path, String object) throws IOException {
    return send(json().PUT(BodyPublishers.ofString(object)), path);
  }

  /// Changes an object by a strategic merge patch.
  Answer patch(String path, String patch) throws IOException {
    return send(
        HttpRequest.newBuilder()
            .header("Content-Type", "application/strategic-merge-patch+json")
            .method("PATCH", BodyPublishers.ofString(patch)),
        path);
  }

  private static HttpRequest.Builder json() {
    return HttpRequest.newBuilder().header("Content-Type", "application/json");
  }

  private Answer send(HttpRequest.Builder builder, String path) throws IOException {
    HttpRequest request = builder.uri(URI.create(server + path)).timeout(PATIENCE).build();
    try {
      HttpResponse<String> response;
      try {
        response = client.send(request, BodyHandlers.ofString(UTF_8));
      } catch (IOException keptConnection) {
        // It may be one to a server that has been started anew since.
        response = client.send(request, BodyHandlers.ofString(UTF_8));
      }
      return new Answer(
          response.statusCode(),
          response.body(),
          response.headers().allValues("Warning").stream()
              .map(header ->
                  header.replaceFirst("^299 - \"(.*)\"$", "$1").replaceAll("\\\\(.)", "$1"))
              .toList());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the API server was asked", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
