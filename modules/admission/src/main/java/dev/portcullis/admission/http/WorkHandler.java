package dev.portcullis.admission.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;

/// Has a request answered, one at a time.
final class WorkHandler extends SimpleChannelInboundHandler<FullRequest> {
  private final RequestRouter router;
  private final RequestGate gate;
  private final LargeBodyHandler large;
  private final ConnectionDeadline limit;

  WorkHandler(
      RequestRouter router, RequestGate gate, LargeBodyHandler large, ConnectionDeadline limit) {
    super(false);
    this.router = router;
    this.gate = gate;
    this.large = large;
    this.limit = limit;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullRequest request) {
    gate.hold();
    BlockingTask.start(
        context,
        limit,
        () -> {
          Response response = router.response(request, limit);
          return () -> {
            // A connection that is closed has no handlers any more that an answer would pass.
            large.leave();
            var _ = context.channel().writeAndFlush(new Answer(request.head(), response));
          };
        },
        large::leave);
  }
}
