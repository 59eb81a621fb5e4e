package dev.portcullis.admission.http;

import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// An HTTPS server that is up.
public final class HttpsEndpoint {
  private static final System.Logger LOG = System.getLogger(HttpsEndpoint.class.getName());
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final HttpsServer server;
  private final Exchanges exchanges;
  private final Answers answers;
  private final AtomicBoolean closing = new AtomicBoolean();

  private HttpsEndpoint(HttpsServer server, Exchanges exchanges, Answers answers) {
    this.server = server;
    this.exchanges = exchanges;
    this.answers = answers;
  }

  /// Listens. Handshakes fail until `certificates` has one.
  ///
  /// @param routes by path, without query
  /// @throws IOException when it cannot listen there
  public static HttpsEndpoint start(
      Options options, ServingCertificates certificates, Map<String, Route> routes)
      throws IOException {
    return start(options, certificates, routes, (_, _, _) -> {});
  }

  /// The same, with somebody who is told of every answer.
  public static HttpsEndpoint start(
      Options options,
      ServingCertificates certificates,
      Map<String, Route> routes,
      AnswerListener listener)
      throws IOException {
    ServerProperties.set(options);
    HttpsServer server;
    try {
      server = HttpsServer.create(options.listen(), options.connections());
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on "
              + options.listen()
              + ": "
              + e.getMessage()
              + "; free the port or name another with --listen",
          e);
    }
    Exchanges exchanges = new Exchanges(options.requestTime());
    Turns turns = new Turns(options.inFlight(), options.patience());
    Answers answers = new Answers(routes, turns, exchanges, listener);
    server.setHttpsConfigurator(Tls.of(certificates));
    server.setExecutor(exchanges);
    server.createContext("/", answers);
    server.start();
    return new HttpsEndpoint(server, exchanges, answers);
  }

  /// The port that it listens on, also where 0 was asked for.
  public int port() {
    return server.getAddress().getPort();
  }

  /// Accepts nothing new, lets what is under way end, then hangs up. The second call does nothing.
  ///
  /// Readiness should have turned false some seconds before: a connection that is made now is
  /// refused, and an API server asks the next replica only when it knows.
  ///
  /// @param grace what is still under way then is interrupted
  public void close(Duration grace) {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    answers.stopping();
    // The JDK's stop() closes the listening socket at once, and then waits for its count of
    // exchanges,
    // which never falls for one whose client hung up. So it is told when to go on, by an interrupt.
    int longest = Math.toIntExact(grace.plus(LAST_WORDS).toSeconds());
    Thread stop = Thread.ofPlatform().daemon().name("https-stop").start(() -> server.stop(longest));
    try {
      long end = System.nanoTime() + grace.toNanos();
      while (exchanges.count() > 0 && end - System.nanoTime() > 0) {
        Thread.sleep(10);
      }
      int left = exchanges.count();
      if (left > 0 && grace.isPositive()) {
        LOG.log(Level.WARNING, "{0} requests did not end within {1}; hanging up", left, grace);
      }
      exchanges.end();
      stop.interrupt();
      if (!stop.join(LAST_WORDS)) {
        LOG.log(
            Level.WARNING, "a client takes no last words; its connection ends with the process");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop.interrupt();
    }
    exchanges.close();
  }
}
