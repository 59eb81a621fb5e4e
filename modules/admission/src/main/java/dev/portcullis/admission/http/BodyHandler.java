package dev.portcullis.admission.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/// Makes a [FullRequest] of a head and the parts of a body, up to [Options#LARGEST_BODY].
final class BodyHandler extends ChannelDuplexHandler {
  private @Nullable RequestHead head;
  private @Nullable Body body;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof RequestHead begun) {
      head = begun;
      body = new Body(begun.length());
      return;
    }
    HttpContent part = (HttpContent) message;
    try {
      if (head != null && body != null) {
        add(context, head, body, part);
      }
    } finally {
      part.release();
    }
  }

  private void add(ChannelHandlerContext context, RequestHead mine, Body sofar, HttpContent part) {
    if (!sofar.add(part.content())) {
      var _ = context.channel().writeAndFlush(new Answer(mine, ErrorResponses.TOO_LARGE));
    } else if (part instanceof LastHttpContent) {
      body = null;
      context.fireChannelRead(new FullRequest(mine, sofar.whole()));
    }
  }

  /// An answer that is given before the body is here needs none: it is gone when its turn is left.
  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof Answer) {
      body = null;
    }
    var _ = context.write(message, promise);
  }
}
