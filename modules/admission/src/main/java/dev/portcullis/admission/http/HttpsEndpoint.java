package dev.portcullis.admission.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// An HTTPS server that is up.
public final class HttpsEndpoint {
  private static final System.Logger LOG = System.getLogger(HttpsEndpoint.class.getName());
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  /// More would not be faster: what takes long has threads of its own.
  private static final int LOOPS = Math.min(4, Runtime.getRuntime().availableProcessors());

  private final EventLoopGroup loops;
  private final Channel listening;
  private final Connections connections;
  private final RequestRouter router;
  private final AtomicBoolean closing = new AtomicBoolean();

  private HttpsEndpoint(
      EventLoopGroup loops, Channel listening, Connections connections, RequestRouter router) {
    this.loops = loops;
    this.listening = listening;
    this.connections = connections;
    this.router = router;
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

  /// The same, with a listener that is notified of every answer.
  public static HttpsEndpoint start(
      Options options,
      ServingCertificates certificates,
      Map<String, Route> routes,
      AnswerListener listener)
      throws IOException {
    return start(
        options,
        new Tls(certificates, new ClientCertificates(options.clients())),
        routes,
        listener);
  }

  static HttpsEndpoint start(
      Options options, Tls tls, Map<String, Route> routes, AnswerListener listener)
      throws IOException {
    RequestRouter router =
        new RequestRouter(
            routes, new ConcurrencyLimits(options.inFlight(), options.patience()), listener);
    Connections connections = new Connections(options, tls, router);
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            LOOPS, new DefaultThreadFactory("https-io", true), NioIoHandler.newFactory());
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, options.connections())
            .option(ChannelOption.SO_REUSEADDR, true)
            // An answer larger than a packet would wait for the client's delayed acknowledgement.
            .childOption(ChannelOption.TCP_NODELAY, true)
            // As fast as a pool here, which would keep memory for the busiest moment there was.
            .childOption(ChannelOption.ALLOCATOR, UnpooledByteBufAllocator.DEFAULT)
            .childHandler(connections)
            .bind(options.listen())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      var _ = loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw new IOException(
          "cannot listen on "
              + options.listen()
              + ": "
              + bound.cause().getMessage()
              + "; free the port or name another with --listen",
          bound.cause());
    }
    return new HttpsEndpoint(loops, bound.channel(), connections, router);
  }

  /// The port that it listens on, also where 0 was asked for.
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /// How many connections are open.
  public int connections() {
    return connections.count();
  }

  /// From now on every answer is the last on its connection, and says so (`Connection: close`).
  ///
  /// An API server keeps connections, and goes on to use those that it has after the Service has
  /// sent new ones elsewhere. A request that it sends while [#close] hangs up is lost, as Go
  /// repeats no POST on a kept connection (net/http, `Request.isReplayable`): so none should be
  /// left then.
  public void drain() {
    router.stopping();
  }

  /// Accepts nothing new, lets what is under way end, then hangs up. The second call does nothing.
  ///
  /// Readiness should have turned false some seconds before, and [#drain] have been called: a
  /// connection that is made now is refused, and an API server asks the next replica only when it
  /// knows.
  ///
  /// @param grace what is still under way then is interrupted
  public void close(Duration grace) {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    drain();
    listening.close().awaitUninterruptibly();
    try {
      long end = System.nanoTime() + grace.toNanos();
      while (connections.underWay() > 0 && end - System.nanoTime() > 0) {
        Thread.sleep(10);
      }
      int left = connections.underWay();
      if (left > 0 && grace.isPositive()) {
        LOG.log(Level.WARNING, "{0} requests did not end within {1}; hanging up", left, grace);
      }
      connections.hangUp();
      loops
          .shutdownGracefully(0, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
          .await(LAST_WORDS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      connections.hangUp();
      var _ = loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
  }
}
