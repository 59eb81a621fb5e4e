package dev.portcullis.admission.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Holds back what comes before its turn: a part of a request while the parts before it wait, or
/// the next request while the last one is answered.
///
/// Reading ends only when something is held back. Netty's `FlowControlHandler` would have to end it
/// with every request, and then it would go unnoticed that a client is gone before it is answered.
///
/// What was read already is decoded all the same: one TLS record can hold 900 requests, or 2,700
/// chunks of a byte. A connection with more than {@link #MOST_HELD} parts held back is closed.
final class RequestGate extends ChannelInboundHandlerAdapter {
  /// An API server's requests come one at a time, and a record of a large body is a few parts. So
  /// many take some 40 KB.
  static final int MOST_HELD = 256;

  private final Deque<Object> early = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;
  private boolean held;

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!context.channel().isActive()) {
      ReferenceCountUtil.release(message);
    } else if (early.size() == MOST_HELD) {
      ReferenceCountUtil.release(message);
      var _ = context.close();
    } else if (held || !early.isEmpty()) {
      early.add(message);
      context.channel().config().setAutoRead(false);
    } else {
      context.fireChannelRead(message);
    }
  }

  /// Nothing more comes through.
  void hold() {
    held = true;
  }

  /// Nothing more comes through, and a message that did comes first later.
  void hold(Object again) {
    held = true;
    early.addFirst(again);
  }

  /// What was held back comes through, and what follows it.
  void open() {
    held = false;
    ChannelHandlerContext mine = context;
    if (mine == null) {
      return;
    }
    while (!held && !early.isEmpty()) {
      mine.fireChannelRead(early.remove());
    }
    if (early.isEmpty() && !mine.channel().config().isAutoRead()) {
      mine.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    early.forEach(ReferenceCountUtil::release);
    early.clear();
    context.fireChannelInactive();
  }
}
