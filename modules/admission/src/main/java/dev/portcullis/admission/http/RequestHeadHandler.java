package dev.portcullis.admission.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// From the head of a request to a [RequestHead], or to an answer before its body is read.
final class RequestHeadHandler extends ChannelInboundHandlerAdapter {
  private final RequestRouter router;
  private final Caller caller;
  private final ConnectionDeadline limit;
  private @Nullable RequestHead head;

  RequestHeadHandler(RequestRouter router, Caller caller, ConnectionDeadline limit) {
    this.router = router;
    this.caller = caller;
    this.limit = limit;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    HttpObject part = (HttpObject) message;
    if (part.decoderResult().isFailure()) {
      ReferenceCountUtil.release(part);
      // The decoder understands nothing that follows.
      limit.begin();
      refuse(
          context, head == null ? RequestHead.unreadable() : head.last(), ErrorResponses.NOT_HTTP);
      return;
    }
    if (part instanceof HttpRequest request) {
      // One that came early was read before the answer to the last.
      limit.begin();
      begin(context, request);
    }
    if (part instanceof HttpContent) {
      if (part instanceof LastHttpContent) {
        head = null;
      }
      context.fireChannelRead(part);
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest request) {
    RequestHead begun = router.head(request);
    head = begun;
    Response refusal = router.refusal(begun, request, caller);
    if (refusal != null) {
      refuse(context, begun, refusal);
      return;
    }
    context.fireChannelRead(begun);
    if (HttpUtil.is100ContinueExpected(request)) {
      var _ =
          context.writeAndFlush(
              new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private static void refuse(ChannelHandlerContext context, RequestHead head, Response response) {
    var _ = context.channel().writeAndFlush(new Answer(head, response));
  }
}
