package dev.portcullis.admission.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// From a request to its answer, and the only place that writes one.
///
/// An `IOException` leaves it when the client is gone, breaks HTTP or is too slow; the JDK's server
/// closes the connection then.
final class Answers implements HttpHandler {
  private static final System.Logger LOG = System.getLogger(Answers.class.getName());
  private static final byte[] NOTHING = {};

  // What is still read of a body that nobody wants, so that the client gets to see why: a socket
  // that is closed with bytes unread sends a reset, which discards what the client has not read
  // yet.
  private static final int LINGER_BYTES = 8 * 1024 * 1024;
  private static final Duration LINGER_TIME = Duration.ofSeconds(2);

  private final Map<String, Route> routes;
  private final Turns turns;
  private final Exchanges exchanges;
  private final AnswerListener listener;
  private volatile boolean stopping;

  Answers(Map<String, Route> routes, Turns turns, Exchanges exchanges, AnswerListener listener) {
    this.routes = Map.copyOf(routes);
    this.turns = turns;
    this.exchanges = exchanges;
    this.listener = listener;
  }

  /// From now on every answer is the last on its connection.
  void stopping() {
    stopping = true;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    long begin = System.nanoTime();
    String path = exchange.getRequestURI().getPath();
    Route route = routes.get(path);
    try (exchange) {
      Reply reply = reply(route, exchange);
      write(reply, exchange);
      listener.answered(
          route == null ? "other" : path,
          reply.response().status(),
          Duration.ofNanos(System.nanoTime() - begin));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("no time left for " + path).initCause(e);
    }
  }

  private Reply reply(@Nullable Route route, HttpExchange exchange)
      throws IOException, InterruptedException {
    if (route == null) {
      return Reply.NO_SUCH_PATH;
    }
    if (!exchange.getRequestMethod().equals(route.method().name())) {
      return Reply.wrongMethod(route.method());
    }
    return switch (route.method()) {
      case GET -> inTurn(route, exchange, NOTHING);
      case POST -> json(exchange) ? withBody(route, exchange) : Reply.NOT_JSON;
    };
  }

  private static boolean json(HttpExchange exchange) {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type == null) {
      return false;
    }
    int parameters = type.indexOf(';');
    String bare = parameters < 0 ? type : type.substring(0, parameters);
    return bare.strip().toLowerCase(Locale.ROOT).equals("application/json");
  }

  private Reply withBody(Route route, HttpExchange exchange)
      throws IOException, InterruptedException {
    String announced = exchange.getRequestHeaders().getFirst("Content-Length");
    // The server has refused what is no number, and a length beside chunks.
    if (announced != null && Long.parseLong(announced) > Options.LARGEST_BODY) {
      return Reply.TOO_LARGE;
    }
    InputStream in = exchange.getRequestBody();
    byte[] start = start(in, announced);
    if (start.length < Turns.LARGE) {
      return inTurn(route, exchange, start);
    }
    if (!turns.enteredLarge()) {
      return Reply.BUSY;
    }
    try {
      byte[] rest = in.readNBytes(Options.LARGEST_BODY + 1 - start.length);
      int length = start.length + rest.length;
      if (length > Options.LARGEST_BODY) {
        return Reply.TOO_LARGE;
      }
      byte[] body = Arrays.copyOf(start, length);
      System.arraycopy(rest, 0, body, start.length, rest.length);
      return inTurn(route, exchange, body);
    } finally {
      turns.leftLarge();
    }
  }

  /// All of a body that is small; a part of one that is not. One whose length is announced comes in
  /// one piece, where `InputStream` would collect pieces of 16 KiB.
  private static byte[] start(InputStream in, @Nullable String announced) throws IOException {
    if (announced == null || Long.parseLong(announced) >= Turns.LARGE) {
      return in.readNBytes(Turns.LARGE);
    }
    byte[] body = new byte[Integer.parseInt(announced)];
    int length = in.readNBytes(body, 0, body.length);
    return length == body.length ? body : Arrays.copyOf(body, length);
  }

  /// Only now, with all of the body here: who sends slowly takes no turn from others.
  private Reply inTurn(Route route, HttpExchange exchange, byte[] body)
      throws InterruptedException {
    String query = exchange.getRequestURI().getRawQuery();
    Request request = new Request(query == null ? "" : query, body);
    return switch (route.weight()) {
      case FREE -> handled(route, exchange, request);
      case COUNTED -> {
        if (!turns.entered()) {
          yield Reply.BUSY;
        }
        try {
          yield handled(route, exchange, request);
        } finally {
          turns.left();
        }
      }
    };
  }

  private Reply handled(Route route, HttpExchange exchange, Request request) {
    try {
      return Reply.of(route.handler().answer(request));
    } catch (RuntimeException | Error e) {
      // Whatever it is, it must not reach the client, and the server must go on.
      String what =
          exchanges.late()
              ? "had no time left and was interrupted; its connection is closed"
              : "failed; this is a bug";
      LOG.log(Level.ERROR, "the handler of " + exchange.getRequestURI().getPath() + " " + what, e);
      return Reply.BUG;
    }
  }

  private void write(Reply reply, HttpExchange exchange) throws IOException {
    Response response = reply.response();
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", response.contentType());
    reply.headers().forEach(headers::set);
    if (reply.last() || stopping) {
      headers.set("Connection", "close");
    }
    // To the JDK's server, 0 is a length that it does not know and -1 is none.
    if (response.body().length == 0 || exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(response.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(response.status(), response.body().length);
    OutputStream out = exchange.getResponseBody();
    out.write(response.body());
    if (response.status() >= 400) {
      out.flush();
      linger(exchange.getRequestBody());
    }
  }

  private void linger(InputStream unread) throws IOException {
    exchanges.hurry(LINGER_TIME);
    byte[] buffer = new byte[16 * 1024];
    int left = LINGER_BYTES;
    int read = 0;
    while (read >= 0 && left > 0) {
      read = unread.read(buffer, 0, Math.min(buffer.length, left));
      left -= read;
    }
  }
}
