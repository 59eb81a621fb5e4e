package dev.portcullis.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// An API server on loopback that answers as a test says, and remembers what it was asked.
final class ScriptedApi implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  /// Answers one request.
  interface Script {
    /// It may go on for as long as the test does.
    ///
    /// @param asked method, path and query
    void answer(HttpExchange exchange, String asked) throws IOException, InterruptedException;
  }

  ScriptedApi(Script script) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
          asked.add(request);
          try (exchange) {
            script.answer(exchange, request);
          } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
  }

  /// Each with method, path and query, as they came.
  List<String> asked() {
    return List.copyOf(asked);
  }

  /// How many had this in them.
  long asked(String part) {
    return asked.stream().filter(each -> each.contains(part)).count();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  ClusterConnection connect(Path directory) throws IOException {
    return ClusterConnection.open(kubeconfig(directory, url(), "token: t"));
  }

  /// @param user entries of JSON without its braces
  static Path kubeconfig(Path directory, String server, String user) throws IOException {
    return Files.writeString(
        directory.resolve("config"),
        """
        current-context: x
        clusters: [{name: c, cluster: {server: "%s"}}]
        users: [{name: u, user: {%s}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        """
            .formatted(server, user));
  }

  static void answer(HttpExchange exchange, int code, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  /// A part of an answer that goes on.
  static void tell(HttpExchange exchange, String text) throws IOException {
    if (exchange.getResponseCode() < 0) {
      exchange.sendResponseHeaders(200, 0);
    }
    exchange.getResponseBody().write(text.getBytes(UTF_8));
    exchange.getResponseBody().flush();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    server.stop(0);
  }
}
