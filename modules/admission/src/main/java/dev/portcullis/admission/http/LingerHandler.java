package dev.portcullis.admission.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;

/// Ends a connection whose answer did not wait for all of the request, so that the client gets to
/// see the answer: a socket that is closed with bytes unread sends a reset, which discards what the
/// client has not read yet. So the rest is read for a while, and discarded.
final class LingerHandler extends ChannelDuplexHandler {
  private static final int MOST_BYTES = 8 * 1024 * 1024;
  private static final Duration MOST_TIME = Duration.ofSeconds(2);

  private final RequestGate gate;
  private final ConnectionDeadline limit;

  /// Whether the request was read to its end, or nothing that follows can be.
  private boolean whole = true;

  /// Whether its answer went out before that.
  private boolean unwanted;

  private boolean closed;
  private long discarded;

  LingerHandler(RequestGate gate, ConnectionDeadline limit) {
    this.gate = gate;
    this.limit = limit;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    HttpObject part = (HttpObject) message;
    if (!unwanted && part instanceof HttpRequest) {
      whole = false;
    }
    whole |= part instanceof LastHttpContent || part.decoderResult().isFailure();
    if (!unwanted) {
      context.fireChannelRead(part);
      return;
    }
    if (part instanceof HttpContent content) {
      discarded += content.content().readableBytes();
    }
    ReferenceCountUtil.release(part);
    closeWhenSeen(context);
  }

  /// The connection ends with it: what follows may be the rest of this request or another one.
  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (!whole
        && message instanceof HttpResponse response
        && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
      unwanted = true;
      HttpUtil.setKeepAlive(response, false);
    }
    var _ = context.write(message, promise);
    if (unwanted) {
      gate.open();
    }
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    if (!unwanted || whole) {
      var _ = context.close(promise);
      return;
    }
    var _ = context.channel().closeFuture().addListener(_ -> promise.trySuccess());
    closed = true;
    limit.hurry(MOST_TIME);
    closeWhenSeen(context);
  }

  /// As far as that can be known.
  private void closeWhenSeen(ChannelHandlerContext context) {
    if (closed && (whole || discarded > MOST_BYTES)) {
      var _ = context.close();
    }
  }
}
