package dev.portcullis.admission.http;

import static java.util.Objects.requireNonNull;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// From a request to its response. It writes none: that is for the [ResponseWriter].
final class RequestRouter {
  private static final System.Logger LOG = System.getLogger(RequestRouter.class.getName());

  private final Map<String, Route> routes;
  private final ConcurrencyLimits limits;
  private final AnswerListener listener;
  private volatile boolean stopping;

  RequestRouter(Map<String, Route> routes, ConcurrencyLimits limits, AnswerListener listener) {
    this.routes = Map.copyOf(routes);
    this.limits = limits;
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

  ConcurrencyLimits limits() {
    return limits;
  }

  RequestHead head(HttpRequest request) {
    String target = request.uri();
    if (!target.startsWith("/")) {
      target = withoutServer(target);
    }
    int end = target.indexOf('?');
    String path = end < 0 ? target : target.substring(0, end);
    String query = end < 0 ? "" : target.substring(end + 1);
    return new RequestHead(
        routes.get(path),
        path,
        query,
        HttpUtil.getContentLength(request, -1L),
        HttpUtil.isKeepAlive(request) && request.protocolVersion().equals(HttpVersion.HTTP_1_1),
        System.nanoTime());
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
  @Nullable Response refusal(RequestHead head, HttpRequest request, Caller caller) {
    Response refusal = reason(head, request, caller);
    return refusal != null && request.method().equals(HttpMethod.HEAD) ? refusal.bare() : refusal;
  }

  private @Nullable Response reason(RequestHead head, HttpRequest request, Caller caller) {
    Route route = head.route();
    if (route == null) {
      return ErrorResponses.NO_SUCH_PATH;
    }
    if (!request.method().name().equals(route.method().name())) {
      return ErrorResponses.wrongMethod(route.method());
    }
    String unknown = head.asks() ? caller.refusal() : "";
    if (!unknown.isEmpty()) {
      listener.refused(HttpRefusal.CLIENT_CERTIFICATE);
      return Response.text(403, unknown);
    }
    if (!head.asks() && (head.length() > 0 || HttpUtil.isTransferEncodingChunked(request))) {
      // It would have memory and a turn of what is for questions.
      return ErrorResponses.NO_BODY;
    }
    if (head.asks() && !json(request)) {
      return ErrorResponses.NOT_JSON;
    }
    return head.length() > Options.LARGEST_BODY ? ErrorResponses.TOO_LARGE : null;
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

  /// Works on a request, with all of its body here: a slow sender takes no turn from others.
  ///
  /// @param limit of the connection that it came by
  /// @throws InterruptedException where the response is no longer waited for
  Response response(FullRequest full, ConnectionDeadline limit) throws InterruptedException {
    RequestHead head = full.head();
    Route route = requireNonNull(head.route());
    Request request = new Request(head.query(), full.body());
    if (route.weight() == Route.Weight.FREE) {
      return handled(route, head.path(), request, limit);
    }
    int footprint = Footprint.kib(request.body());
    if (!limit.await(() -> limits.entered(footprint))) {
      return ErrorResponses.BUSY;
    }
    try {
      return handled(route, head.path(), request, limit);
    } finally {
      limits.left(footprint);
    }
  }

  private static Response handled(
      Route route, String path, Request request, ConnectionDeadline limit) {
    try {
      return route.handler().answer(request);
    } catch (RuntimeException | Error e) {
      // Whatever it is, it must not reach the client, and the server must go on.
      String what =
          limit.late()
              ? "had no time left and was interrupted; its connection is closed"
              : "failed; this is a bug";
      LOG.log(Level.ERROR, "the handler of " + path + " " + what, e);
      return ErrorResponses.BUG;
    }
  }

  /// An answer was written.
  void written(Answer answer) {
    RequestHead head = answer.head();
    if (answer.response().equals(ErrorResponses.BUSY)) {
      listener.refused(HttpRefusal.BUSY);
    }
    listener.answered(
        head.label(),
        answer.response().status(),
        Duration.ofNanos(System.nanoTime() - head.begin()));
  }
}
