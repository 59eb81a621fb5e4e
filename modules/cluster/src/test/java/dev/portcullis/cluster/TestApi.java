package dev.portcullis.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An API server of one kind, over HTTP on loopback: lists, watches, and refuses as it is told to.
final class TestApi implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String apiVersion;
  private final String kind;
  private HttpServer server;
  private final List<String> objects = new ArrayList<>();

  /// What watches are told, as it happened.
  private final List<Event> events = new ArrayList<>();

  private Duration listTime = Duration.ZERO;
  private int lists;
  private int watches;
  private int version = 1;

  /// Before it, nobody knows any more what happened.
  private int oldest = 1;

  /// Every watch ends when this is another one than at its beginning.
  private int era;

  private @Nullable Refusal refusal;

  private record Event(String type, String name, int version) {}

  private record Refusal(int code, String message) {
    String body() {
      return """
      {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": %d, "message": "%s"}\
      """
          .formatted(code, message);
    }
  }

  TestApi(String apiVersion, String kind) throws IOException {
    this.apiVersion = apiVersion;
    this.kind = kind;
    server = serve(0);
  }

  private HttpServer serve(int port) throws IOException {
    HttpServer serving =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    serving.setExecutor(threads);
    serving.createContext("/", this::answer);
    serving.start();
    return serving;
  }

  /// From now on nothing listens, and the watches are over.
  void stop() {
    end();
    server.stop(0);
  }

  /// After [#stop], on the same port.
  void restart() throws IOException {
    server = serve(server.getAddress().getPort());
  }

  /// What a list of all takes from now on; one of a single object is not slower.
  synchronized void takeForAList(Duration time) {
    listTime = time;
  }

  Path kubeconfig(Path directory) throws IOException {
    return Files.writeString(
        directory.resolve("config"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {token: t}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """
            .formatted(server.getAddress().getPort()));
  }

  /// How often it was asked for a list.
  synchronized int lists() {
    return lists;
  }

  /// How often it was asked for a watch.
  synchronized int watches() {
    return watches;
  }

  /// From now on it answers so, and the watches are over.
  synchronized void refuse(int code, String message) {
    refusal = new Refusal(code, message);
    end();
  }

  /// From now on it has these and no others.
  synchronized void have(String... names) {
    objects.clear();
    objects.addAll(Arrays.asList(names));
    events.clear();
    oldest = ++version;
    refusal = null;
  }

  /// One more, which the watches are told of.
  synchronized void add(String name) {
    objects.add(name);
    tell("ADDED", name);
  }

  /// One less, which the watches are told of.
  synchronized void remove(String name) {
    objects.remove(name);
    tell("DELETED", name);
  }

  private void tell(String type, String name) {
    events.add(new Event(type, name, ++version));
    notifyAll();
  }

  /// Ends the watches.
  synchronized void end() {
    era++;
    notifyAll();
  }

  private String object(String name, int version) {
    return """
    {"apiVersion": "%s", "kind": "%s",
     "metadata": {"name": "%s", "resourceVersion": "%d", "labels": {"whole": "yes"}}}\
    """
        .replace("\n", "")
        .formatted(apiVersion, kind, name, version);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    try (exchange) {
      if (query.contains("watch=true")) {
        watch(exchange);
      } else {
        Thread.sleep(query.contains("limit=1&") || query.endsWith("limit=1") ? 0 : listMillis());
        list(exchange);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized long listMillis() {
    return listTime.toMillis();
  }

  private synchronized void list(HttpExchange exchange) throws IOException {
    lists++;
    if (refusal != null) {
      send(exchange, refusal.code(), refusal.body());
      return;
    }
    send(
        exchange,
        200,
        """
        {"apiVersion": "%s", "kind": "%sList", "metadata": {"resourceVersion": "%d"}, "items": [%s]}
        """
            .formatted(
                apiVersion,
                kind,
                version,
                objects.stream()
                    .map(each -> object(each, version))
                    .collect(Collectors.joining(","))));
  }

  private synchronized void watch(HttpExchange exchange) throws IOException, InterruptedException {
    watches++;
    if (refusal != null) {
      send(exchange, refusal.code(), refusal.body());
      return;
    }
    exchange.sendResponseHeaders(200, 0);
    int from = from(exchange.getRequestURI().getQuery());
    if (from == 0) {
      for (String each : objects) {
        event(exchange, "ADDED", object(each, version));
      }
      from = version;
    } else if (from < oldest) {
      event(exchange, "ERROR", new Refusal(410, "too old resource version").body());
      return;
    }
    event(exchange, "BOOKMARK", object("", from));
    int begun = era;
    for (int told = 0; begun == era; ) {
      while (told < events.size()) {
        Event event = events.get(told++);
        if (event.version() > from) {
          event(exchange, event.type(), object(event.name(), event.version()));
        }
      }
      wait();
    }
  }

  private static int from(String query) {
    return Integer.parseInt(query.replaceFirst(".*resourceVersion=([0-9]+).*", "$1"));
  }

  private static void event(HttpExchange exchange, String type, String object) throws IOException {
    exchange
        .getResponseBody()
        .write("{\"type\": \"%s\", \"object\": %s}\n".formatted(type, object).getBytes(UTF_8));
    exchange.getResponseBody().flush();
  }

  private static void send(HttpExchange exchange, int code, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(code, body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    threads.shutdownNow();
    server.stop(0);
  }
}
