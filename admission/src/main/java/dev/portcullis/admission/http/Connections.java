package dev.portcullis.admission.http;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.SslHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// All connections that are open, and what each new one is made of.
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails has nobody to tell
final class Connections extends ChannelInitializer<SocketChannel> {
  private final Options options;
  private final Tls tls;
  private final Answers answers;
  private final Set<TimeLimit> open = ConcurrentHashMap.newKeySet();

  Connections(Options options, Tls tls, Answers answers) {
    this.options = options;
    this.tls = tls;
    this.answers = answers;
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    SslHandler secured = open.size() < options.connections() ? tls.handler(channel.alloc()) : null;
    if (secured == null) {
      channel.close();
      return;
    }
    TimeLimit limit = new TimeLimit(options.requestTime());
    open.add(limit);
    channel.closeFuture().addListener(_ -> open.remove(limit));
    channel
        .pipeline()
        .addLast(
            limit,
            secured,
            limit.decrypted(),
            new StrictDecoder(),
            new HttpResponseEncoder(),
            new Conversation(answers, limit));
  }

  /// How many have a handshake, a request or an answer that has begun and not ended.
  int underWay() {
    return (int) open.stream().filter(TimeLimit::running).count();
  }

  /// Ends all of them, whatever they do.
  void hangUp() {
    open.forEach(TimeLimit::end);
  }
}
