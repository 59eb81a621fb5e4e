package dev.portcullis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// An API server on loopback that answers as a test wants it, and a kubeconfig for it. The context
/// `nowhere` leads to a port where nobody listens.
record LoopbackCluster(HttpServer server, String kubeconfig) implements AutoCloseable {

  /// What it has at an address.
  @FunctionalInterface
  interface Answers {
    /// JSON; null where there is nothing, which is 404. A Status is 403.
    @Nullable String at(URI uri);
  }

  /// Starts one, on a port of its own.
  ///
  /// @param directory where its kubeconfig is written
  static LoopbackCluster start(Path directory, Answers answers) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, answers.at(exchange.getRequestURI())));
    server.start();
    Path kubeconfig =
        Files.writeString(
            directory.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            clusters:
            - {name: c, cluster: {server: "http://127.0.0.1:%d"}}
            - {name: none, cluster: {server: "http://127.0.0.1:1"}}
            users: [{name: u, user: {token: t}}]
            contexts:
            - {name: x, context: {cluster: c, user: u}}
            - {name: nowhere, context: {cluster: none, user: u}}
            current-context: x
            """
                .formatted(server.getAddress().getPort()));
    return new LoopbackCluster(server, kubeconfig.toString());
  }

  private static void answer(HttpExchange exchange, @Nullable String body) throws IOException {
    byte[] bytes = body == null ? new byte[0] : body.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(
        body == null ? 404 : body.startsWith("{\"kind\": \"Status\"") ? 403 : 200,
        body == null ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
