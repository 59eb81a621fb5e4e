package dev.portcullis.admission.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// From a request to its reply. It writes none: that is for the [HttpExchangeHandler].
final class RequestRouter {
  private static final System.Logger LOG = System.getLogger(RequestRouter.class.getName());

  private final Map<String, Route> routes;
  private final ConcurrencyLimits turns;
  private final AnswerListener listener;
  private volatile boolean stopping;

  RequestRouter(Map<String, Route> routes, ConcurrencyLimits turns, AnswerListener listener) {
    this.routes = Map.copyOf(routes);
    this.turns = turns;
    this.listener = listener;
  }

  /// From now on every answer is the last on its connection.
  void stopping() {
    stopping = true;
  }

  boolean isStopping() {
    return stopping;
  }

  AnswerListener listener() {
    return listener;
  }

  ConcurrencyLimits turns() {
    return turns;
  }

  /// A request as far as its head tells.
  ///
  /// @param route null where nothing is at its path
  /// @param begin by [System#nanoTime]
  record Head(@Nullable Route route, String path, String query, long begin) {
    /// For metrics: never a text that a client has chosen.
    String label() {
      return route == null ? "other" : path;
    }

    /// Whether it is a question, and not for a page.
    boolean asks() {
      return route != null && route.method() == Route.Method.POST;
    }
  }

  Head head(HttpRequest request) {
    String target = request.uri();
    if (!target.startsWith("/")) {
      target = withoutServer(target);
    }
    int end = target.indexOf('?');
    String path = end < 0 ? target : target.substring(0, end);
    String query = end < 0 ? "" : target.substring(end + 1);
    return new Head(routes.get(path), path, query, System.nanoTime());
  }

  /// A request may name the server again, as one to a proxy does.
  private static String withoutServer(String target) {
    try {
      URI uri = URI.create(target);
      String query = uri.getRawQuery();
      return (uri.getRawPath() == null ? "" : uri.getRawPath())
          + (query == null ? "" : "?" + query);
    } catch (IllegalArgumentException noUri) {
      return "";
    }
  }

  /// Why the body of a request will not be read, or null where it will be.
  ///
  /// @param caller who sent it
  @Nullable Reply refusal(Head head, HttpRequest request, Caller caller) {
    Route route = head.route();
    if (route == null) {
      return Reply.NO_SUCH_PATH;
    }
    if (!request.method().name().equals(route.method().name())) {
      return Reply.wrongMethod(route.method());
    }
    String unknown = head.asks() ? caller.refusal() : "";
    if (!unknown.isEmpty()) {
      listener.refused(HttpRefusal.CLIENT_CERTIFICATE);
      return Reply.of(Response.text(403, unknown));
    }
    if (route.method() == Route.Method.POST && !json(request)) {
      return Reply.NOT_JSON;
    }
    return HttpUtil.getContentLength(request, -1L) > Options.LARGEST_BODY ? Reply.TOO_LARGE : null;
  }

  private static boolean json(HttpRequest request) {
    String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE);
    if (type == null) {
      return false;
    }
    int parameters = type.indexOf(';');
    String bare = parameters < 0 ? type : type.substring(0, parameters);
    return bare.strip().toLowerCase(Locale.ROOT).equals("application/json");
  }

  /// Works on a request, with all of its body here: who sends slowly takes no turn from others.
  ///
  /// @param late whether the request has had its time
  Reply reply(Route route, String path, Request request, BooleanSupplier late)
      throws InterruptedException {
    if (route.weight() == Route.Weight.FREE) {
      return handled(route, path, request, late);
    }
    int footprint = Footprint.kib(request.body());
    if (!turns.entered(footprint)) {
      return Reply.BUSY;
    }
    try {
      return handled(route, path, request, late);
    } finally {
      turns.left(footprint);
    }
  }

  private static Reply handled(Route route, String path, Request request, BooleanSupplier late) {
    try {
      return Reply.of(route.handler().answer(request));
    } catch (RuntimeException | Error e) {
      // Whatever it is, it must not reach the client, and the server must go on.
      String what =
          late.getAsBoolean()
              ? "had no time left and was interrupted; its connection is closed"
              : "failed; this is a bug";
      LOG.log(Level.ERROR, "the handler of " + path + " " + what, e);
      return Reply.BUG;
    }
  }

  /// A reply was written.
  void written(Head head, Reply reply) {
    if (reply.equals(Reply.BUSY)) {
      listener.refused(HttpRefusal.BUSY);
    }
    listener.answered(
        head.label(),
        reply.response().status(),
        Duration.ofNanos(System.nanoTime() - head.begin()));
  }
}
