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
import org.jspecify.annotations.Nullable;

/// `/healthz` and the like, for probes and for Prometheus on the same machine.
public final class HealthEndpoint implements AutoCloseable {
  // Read once by the JDK's server, when its class is loaded; what is set on the command line stays.
  // Probes and Prometheus are a few connections. A client that does not send a request, or does not
  // take the answer, is hung up on; times are in seconds.
  private static final Map<String, String> LIMITS =
      Map.of(
          "jdk.httpserver.maxConnections", "64",
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.maxRspTime", "30",
          "sun.net.httpserver.idleInterval", "30",
          "sun.net.httpserver.maxReqHeaderSize", "16384");

  private final InetSocketAddress wanted;
  private final Map<String, Supplier<Page>> pages;
  private final ExecutorService exchanges =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("health ", 0).factory());
  private @Nullable HttpServer server;

  /// Nothing is served before {@link #listen}.
  ///
  /// @param address a loopback address, where what is served is for this machine alone
  public HealthEndpoint(InetSocketAddress address, Map<String, Supplier<Page>> pages) {
    this.wanted = address;
    this.pages = Map.copyOf(pages);
  }

  /// What is at a path.
  public record Page(int status, String contentType, String body) {

    /// A line of text.
    public static Page text(int status, String line) {
      return new Page(status, "text/plain; charset=utf-8", line + "\n");
    }
  }

  /// Serves. Where it fails it may be tried again.
  public synchronized void listen() throws IOException {
    LIMITS.forEach((property, value) -> {
      if (System.getProperty(property) == null) {
        System.setProperty(property, value);
      }
    });
    HttpServer fresh;
    try {
      fresh = HttpServer.create(wanted, 16);
    } catch (IOException e) {
      throw new IOException("cannot listen on " + wanted + ": " + e.getMessage(), e);
    }
    fresh.setExecutor(exchanges);
    fresh.createContext("/", this::answer);
    fresh.start();
    server = fresh;
  }

  private void answer(HttpExchange exchange) throws IOException {
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

  /// Where it listens, or is to.
  public synchronized InetSocketAddress address() {
    return server == null ? wanted : server.getAddress();
  }

  @Override
  public synchronized void close() {
    if (server != null) {
      server.stop(0);
    }
    exchanges.shutdown();
  }
}
