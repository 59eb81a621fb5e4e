package dev.portcullis.admission.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/// What a connection shows, by its handshake and by its questions, for its [ConnectionPlace].
final class StandingHandler extends ChannelDuplexHandler {
  private final ConnectionPlace connection;
  private final Caller caller;

  StandingHandler(ConnectionPlace connection, Caller caller) {
    this.connection = connection;
    this.caller = caller;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake
        && handshake.isSuccess()
        && caller.verified()) {
      connection.shown(true);
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof Answer answer) {
      var _ =
          promise.addListener(done -> {
            if (done.isSuccess()) {
              answered(answer);
            }
          });
    }
    var _ = context.write(message, promise);
  }

  private void answered(Answer answer) {
    if (answer.head().asks() && answer.response().status() == 200) {
      connection.shown(caller.verified());
    } else if (connection.standing() == ConnectionPlace.Standing.VERIFIED && !caller.verified()) {
      // Its certificate counts no longer: a page that anybody may read keeps no place for it.
      connection.shown(false);
    }
  }
}
