package dev.portcullis.admission.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.lang.System.Logger.Level;

/// Closes a connection on which something failed.
final class FailureHandler extends ChannelInboundHandlerAdapter {
  private static final System.Logger LOG = System.getLogger(FailureHandler.class.getName());

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A client that is gone, or whose TLS is broken, is nothing unusual; anything else is a bug.
    boolean theirs = cause instanceof IOException || cause instanceof DecoderException;
    LOG.log(theirs ? Level.DEBUG : Level.ERROR, "a connection failed and is closed", cause);
    var _ = context.close();
  }
}
