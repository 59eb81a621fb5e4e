package dev.portcullis.admission.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/// The one place that writes answers: each as HTTP, then the next request or the end of the
/// connection.
final class ResponseWriter extends ChannelOutboundHandlerAdapter {
  private final RequestRouter router;
  private final RequestGate gate;
  private final ConnectionDeadline limit;

  ResponseWriter(RequestRouter router, RequestGate gate, ConnectionDeadline limit) {
    this.router = router;
    this.gate = gate;
    this.limit = limit;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (!(message instanceof Answer answer)) {
      var _ = context.write(message, promise);
      return;
    }
    FullHttpResponse written = http(answer.response());
    if (!answer.head().persistent() || router.isStopping()) {
      HttpUtil.setKeepAlive(written, false);
    }
    var _ =
        promise.addListener(done -> {
          if (!done.isSuccess()) {
            var _ = context.channel().close();
            return;
          }
          // As the handlers below had it at last.
          boolean stays = HttpUtil.isKeepAlive(written);
          if (stays) {
            limit.rest();
          }
          router.written(answer);
          if (stays) {
            gate.open();
          } else {
            var _ = context.channel().close();
          }
        });
    var _ = context.write(written, promise);
  }

  private static FullHttpResponse http(Response response) {
    FullHttpResponse written =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(response.status()),
            Unpooled.wrappedBuffer(response.body()));
    written.headers().set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
    written.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
    response.headers().forEach(written.headers()::set);
    return written;
  }
}
