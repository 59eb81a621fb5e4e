package dev.portcullis.admission.http;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;

/// All connections that are open, and what each new one is made of.
@SuppressWarnings("FutureReturnValueIgnored") // a failed close is of no interest
final class Connections extends ChannelInitializer<SocketChannel> {
  private final Options options;
  private final Tls tls;
  private final RequestRouter router;
  private final Places places;

  Connections(Options options, Tls tls, RequestRouter router) {
    this.options = options;
    this.tls = tls;
    this.router = router;
    this.places =
        new Places(
            options.connections(),
            options.connectionsOfAddress(),
            options.freshTime(),
            router.listener()::refused);
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    ConnectionDeadline limit =
        new ConnectionDeadline(
            options.handshakeTime(),
            options.requestTime(),
            () -> router.listener().refused(HttpRefusal.TOO_SLOW));
    ConnectionPlace connection =
        new ConnectionPlace(PeerAddress.of(channel.remoteAddress()), limit);
    if (!places.enter(connection)) {
      channel.close();
      return;
    }
    channel.closeFuture().addListener(_ -> places.leave(connection));
    SslHandler secured = tls.handler(channel.alloc());
    if (secured == null) {
      router.listener().refused(HttpRefusal.NO_SERVING_CERTIFICATE);
      channel.close();
      return;
    }
    channel.pipeline().addLast(limit, secured, limit.decrypted());
    HttpPipeline.addTo(channel.pipeline(), router, connection, new Caller(tls.clients(), secured));
  }

  /// How many there are.
  int count() {
    return places.open().size();
  }

  /// How many have a handshake, a request or an answer that has begun and not ended.
  int underWay() {
    return (int) places.open().stream().filter(it -> it.limit().running()).count();
  }

  /// Ends all of them, whatever they do.
  void hangUp() {
    places.open().forEach(connection -> connection.limit().end());
  }
}
