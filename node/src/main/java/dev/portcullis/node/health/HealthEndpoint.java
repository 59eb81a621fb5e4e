package dev.portcullis.node.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// `/healthz` and the like, for probes and for Prometheus on the same machine.
public final class HealthEndpoint implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService exchanges;

  private HealthEndpoint(HttpServer server, ExecutorService exchanges) {
    this.server = server;
    this.exchanges = exchanges;
  }

  /// What is at a path.
  public record Page(int status, String contentType, String body) {

    /// A line of text.
    public static Page text(int status, String line) {
      return new Page(status, "text/plain; charset=utf-8", line + "\n");
    }
  }

  /// Serves.
  ///
  /// @param address a loopback address: what is told here is for this machine
  public static HealthEndpoint serve(InetSocketAddress address, Map<String, Supplier<Page>> pages)
      throws IOException {
    if (!address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException("no loopback address: " + address);
    }
    HttpServer server;
    try {
      server = HttpServer.create(address, 16);
    } catch (IOException e) {
      throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
    }
    ExecutorService exchanges =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("health ", 0).factory());
    server.setExecutor(exchanges);
    server.createContext("/", exchange -> answer(exchange, pages));
    server.start();
    return new HealthEndpoint(server, exchanges);
  }

  private static void answer(HttpExchange exchange, Map<String, Supplier<Page>> pages)
      throws IOException {
    try (exchange) {
      Supplier<Page> found = pages.get(exchange.getRequestURI().getPath());
      boolean head = exchange.getRequestMethod().equals("HEAD");
      Page page =
          found == null
              ? Page.text(
                  404, "there is " + String.join(", ", pages.keySet().stream().sorted().toList()))
              : head || exchange.getRequestMethod().equals("GET")
                  ? found.get()
                  : Page.text(405, "only GET");
      exchange.getResponseHeaders().set("Content-Type", page.contentType());
      byte[] body = page.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(page.status(), head ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    exchanges.shutdown();
  }
}
