package dev.portcullis.cluster;

import static java.net.HttpURLConnection.HTTP_UNAUTHORIZED;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Requests to an API server, and its answers, whatever is in them.
///
/// Of HTTP/1.1, where each request has a connection for itself: in HTTP/2 all share one, and the
/// JDK's client neither asks whether it is still there nor leaves it when requests get no answer.
/// One that a network has dropped silently would hold every request for a quarter of an hour.
final class Transport implements AutoCloseable {
  /// What a request may take that a pod waits for, with its second try, to the last byte of its
  /// answer.
  static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final Duration CONNECTING = Duration.ofSeconds(3);
  private static final Duration BEFORE_ANOTHER_TRY = Duration.ofMillis(100);
  private static final int TOO_MANY_REQUESTS = 429;

  private final ServerAccess access;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  /// What is in a request.
  ///
  /// @param path with its query, from a slash on
  /// @param accept the forms of an answer that will do
  /// @param contentType null where there is no body
  record Request(
      String method, String path, String accept, @Nullable String contentType, String body) {
    /// One without a body.
    static Request of(String method, String path, String accept) {
      return new Request(method, path, accept, null, "");
    }
  }

  /// What came.
  ///
  /// @param whole of an answer that was taken as a whole; null otherwise
  /// @param lines of one that goes on; null otherwise
  record Body(@Nullable BoundedBody whole, @Nullable ResponseLines lines) {}

  /// An answer.
  record Answer(int code, Body content) {
    boolean isGranted() {
      return code / 100 == 2;
    }

    /// Of an answer that was taken as a whole.
    byte[] body() {
      return content.whole() == null ? new byte[0] : content.whole().bytes();
    }

    /// Of one that goes on; null otherwise.
    @Nullable ResponseLines lines() {
      return content.lines();
    }
  }

  Transport(ServerAccess access) {
    this.access = access;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECTING)
            .executor(threads);
    if (access.tls() != null) {
      builder.sslContext(access.tls());
    }
    if (access.proxy() != null) {
      builder.proxy(access.proxy());
    }
    client = builder.build();
  }

  /// Asks, and takes the answer as a whole.
  ///
  /// @param most bytes of the answer
  /// @param patience for all of it
  Answer ask(Request request, int most, Duration patience) throws IOException {
    return exchange(request, _ -> whole(most), patience);
  }

  /// Asks, and leaves the answer open where it is granted.
  ///
  /// @param most bytes of a line
  Answer open(Request request, int most) throws IOException {
    return exchange(
        request,
        head ->
            head.statusCode() / 100 == 2
                ? BodySubscribers.mapping(new ResponseLines(most), lines -> new Body(null, lines))
                : whole(most),
        PATIENCE);
  }

  private static HttpResponse.BodySubscriber<Body> whole(int most) {
    return BodySubscribers.mapping(new BoundedBody(most), all -> new Body(all, null));
  }

  private Answer exchange(
      Request request, HttpResponse.BodyHandler<Body> handler, Duration patience)
      throws IOException {
    String authorization = access.token().header();
    long deadline = System.nanoTime() + patience.toNanos();
    for (boolean again = false; ; again = true) {
      try {
        Answer answer = once(request, authorization, handler, deadline, patience);
        if (!again && answer.code() == HTTP_UNAUTHORIZED && access.token().renew(authorization)) {
          authorization = access.token().header();
          // A plugin for credentials may have taken longer than any request.
          deadline = System.nanoTime() + patience.toNanos();
          continue;
        }
        if (again || !isBusy(answer)) {
          return answer;
        }
      } catch (IOException failed) {
        if (again || !isWorthAnotherTry(failed)) {
          throw failed;
        }
      }
      pause();
    }
  }

  /// An API server that is busy, or behind a balancer that has lost it.
  private static boolean isBusy(Answer answer) {
    return answer.code() == TOO_MANY_REQUESTS || answer.code() >= 500;
  }

  /// A kept connection may have been closed by the server just now. More tries would outlast the
  /// request that waits for the answer.
  private static boolean isWorthAnotherTry(IOException failed) {
    return !(failed instanceof HttpTimeoutException
        || failed instanceof SSLException
        || failed instanceof TooLargeException
        || failed instanceof InterruptedIOException);
  }

  private Answer once(
      Request request,
      @Nullable String authorization,
      HttpResponse.BodyHandler<Body> handler,
      long deadline,
      Duration patience)
      throws IOException {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(uri(request.path()))
            .method(
                request.method(),
                request.contentType() == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(request.body()))
            .header("Accept", request.accept())
            .header("User-Agent", "portcullis");
    if (request.contentType() != null) {
      builder.header("Content-Type", request.contentType());
    }
    if (authorization != null) {
      builder.header("Authorization", authorization);
    }
    CompletableFuture<HttpResponse<Body>> answer = client.sendAsync(builder.build(), handler);
    try {
      HttpResponse<Body> taken =
          answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      return new Answer(taken.statusCode(), taken.body());
    } catch (TimeoutException late) {
      // Of a body that stands still, too, which the JDK's own time does not count.
      leave(answer);
      throw new HttpTimeoutException("it did not answer within " + patience.toSeconds() + " s");
    } catch (InterruptedException stopped) {
      leave(answer);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IOException(failed.getCause());
    }
  }

  /// Gives the connection back, also of an answer that came in the same moment.
  private static void leave(CompletableFuture<HttpResponse<Body>> answer) {
    answer.cancel(true);
    var _ =
        answer.thenAccept(late -> {
          if (late.body().lines() != null) {
            late.body().lines().close();
          }
        });
  }

  private URI uri(String path) throws IOException {
    try {
      return URI.create(access.server() + path.substring(1));
    } catch (IllegalArgumentException wrong) {
      throw new IOException("this is no path: " + path, wrong);
    }
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(BEFORE_ANOTHER_TRY);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
  }
}
