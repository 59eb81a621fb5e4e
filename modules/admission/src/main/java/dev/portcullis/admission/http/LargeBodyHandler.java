package dev.portcullis.admission.http;

import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/// Lets the part that makes a body large wait for one of the [LargeTurns], before there is memory
/// for the body.
final class LargeBodyHandler extends ChannelDuplexHandler {
  private enum Turn {
    NONE,
    /// The body is read.
    BODY,
    /// The request is worked on, and keeps its turn until that ends, also without its client.
    WORK
  }

  private final LargeTurns turns;
  private final ConnectionPlace connection;
  private final RequestGate gate;
  private Turn turn = Turn.NONE;
  private @Nullable RequestHead head;
  private int length;

  LargeBodyHandler(LargeTurns turns, ConnectionPlace connection, RequestGate gate) {
    this.turns = turns;
    this.connection = connection;
    this.gate = gate;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof RequestHead begun) {
      head = begun;
      length = 0;
    }
    if (message instanceof HttpContent part) {
      int sum = length + part.content().readableBytes();
      if (turn == Turn.NONE && sum >= ConcurrencyLimits.LARGE) {
        gate.hold(part);
        await(context);
        return;
      }
      length = sum;
      if (turn == Turn.BODY && part instanceof LastHttpContent) {
        turns.whole(connection);
        turn = Turn.WORK;
      }
    }
    context.fireChannelRead(message);
  }

  private void await(ChannelHandlerContext context) {
    RequestHead mine = requireNonNull(head);
    ConnectionDeadline limit = connection.limit();
    BlockingTask.start(
        context,
        limit,
        () ->
            limit.await(() -> turns.entered(connection))
                ? () -> entered(context)
                : () -> refuse(context, mine),
        () -> turns.left(connection));
  }

  private void entered(ChannelHandlerContext context) {
    if (context.channel().isActive()) {
      turn = Turn.BODY;
      gate.open();
    } else {
      turns.left(connection);
    }
  }

  private static void refuse(ChannelHandlerContext context, RequestHead head) {
    var _ = context.channel().writeAndFlush(new Answer(head, ErrorResponses.BUSY));
  }

  /// The request needs its turn no longer.
  void leave() {
    if (turn != Turn.NONE) {
      turn = Turn.NONE;
      turns.left(connection);
    }
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof Answer) {
      leave();
    }
    var _ = context.write(message, promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (turn == Turn.BODY) {
      leave();
    }
    context.fireChannelInactive();
  }
}
