package dev.portcullis.admission.http;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// The requests of one connection, one after another. All of it runs on the connection's event
/// loop, but for the work on a request, which has a virtual thread of its own.
@SuppressWarnings("FutureReturnValueIgnored") // a close that fails has nobody to tell
final class HttpExchangeHandler extends ChannelInboundHandlerAdapter {
  private static final System.Logger LOG = System.getLogger(HttpExchangeHandler.class.getName());

  // What is still read of a body that nobody wants, so that the client gets to see why: a socket
  // that is closed with bytes unread sends a reset, which discards what the client has not read
  // yet.
  private static final int LINGER_BYTES = 8 * 1024 * 1024;
  private static final Duration LINGER_TIME = Duration.ofSeconds(2);

  private enum State {
    /// The next is the head of a request.
    HEAD,
    /// The next is a part of its body.
    BODY,
    /// The request waits, or is worked on, or its answer is written. What comes now comes early.
    BUSY,
    /// The answer did not wait for the body.
    UNWANTED
  }

  private final RequestRouter answers;
  private final ConnectionPlace connection;
  private final Caller caller;
  private final ConnectionDeadline limit;
  private final Deque<HttpObject> early = new ArrayDeque<>();
  private State state = State.HEAD;
  private RequestRouter.@Nullable Head head;
  private @Nullable Body body;
  private boolean keepsConnection;
  private boolean wholeBody;
  private boolean largeTurn;
  private boolean answered;
  private int lingered;

  HttpExchangeHandler(RequestRouter answers, ConnectionPlace connection, Caller caller) {
    this.answers = answers;
    this.connection = connection;
    this.caller = caller;
    this.limit = connection.limit();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
      if (caller.verified()) {
        connection.shown(true);
      }
      limit.rest();
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    HttpObject part = (HttpObject) message;
    if (state == State.BUSY || !early.isEmpty()) {
      early.add(part);
      context.channel().config().setAutoRead(false);
      return;
    }
    take(context, part);
  }

  private void take(ChannelHandlerContext context, HttpObject part) {
    try {
      if (part.decoderResult().isFailure()) {
        broken(context);
        return;
      }
      if (part instanceof HttpRequest request && state == State.HEAD) {
        begin(context, request);
      }
      if (part instanceof HttpContent content) {
        content(context, content);
      }
    } finally {
      ReferenceCountUtil.release(part);
    }
  }

  /// The decoder understands nothing that follows.
  private void broken(ChannelHandlerContext context) {
    wholeBody = true;
    if (state == State.UNWANTED) {
      endUnwanted(context);
    } else {
      refuse(context, Reply.NOT_HTTP);
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest request) {
    // One that came early was read before the answer to the last.
    limit.begin();
    RequestRouter.Head begun = answers.head(request);
    head = begun;
    keepsConnection =
        HttpUtil.isKeepAlive(request) && request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    wholeBody = false;
    answered = false;
    lingered = 0;
    Reply refusal = answers.refusal(begun, request, caller);
    if (refusal != null) {
      refuse(context, request.method().equals(HttpMethod.HEAD) ? refusal.bare() : refusal);
      return;
    }
    body = new Body(HttpUtil.getContentLength(request, -1L));
    state = State.BODY;
    if (HttpUtil.is100ContinueExpected(request)) {
      context.writeAndFlush(
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private void content(ChannelHandlerContext context, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    wholeBody |= last;
    switch (state) {
      case BODY -> {
        Body mine = requireNonNull(body);
        if (!largeTurn && mine.largeWith(content.content())) {
          early.addFirst(content.retain());
          awaitLargeTurn(context);
        } else if (!mine.add(content.content())) {
          refuse(context, Reply.TOO_LARGE);
        } else if (last) {
          work(context);
        }
      }
      case UNWANTED -> {
        lingered += content.content().readableBytes();
        endUnwanted(context);
      }
      // Of a head that was not understood.
      case HEAD, BUSY -> {}
    }
  }

  /// Large bodies wait for their turn here, before there is memory for one.
  private void awaitLargeTurn(ChannelHandlerContext context) {
    state = State.BUSY;
    start(
        context,
        () -> {
          boolean entered = answers.turns().large().entered(connection);
          later(
              context,
              () -> {
                largeTurn = entered;
                if (!entered) {
                  refuse(context, Reply.BUSY);
                } else if (!context.channel().isActive()) {
                  leaveLargeTurn();
                } else {
                  state = State.BODY;
                  resume(context);
                }
              },
              () -> {
                if (entered) {
                  answers.turns().large().left(connection);
                }
              });
        });
  }

  private void work(ChannelHandlerContext context) {
    state = State.BUSY;
    RequestRouter.Head mine = requireNonNull(head);
    Route route = requireNonNull(mine.route());
    Request request = new Request(mine.query(), requireNonNull(body).whole());
    body = null;
    if (largeTurn) {
      answers.turns().large().whole(connection);
    }
    start(
        context,
        () -> {
          Reply reply = answers.reply(route, mine.path(), request, limit::late);
          later(context, () -> write(context, reply), () -> {});
        });
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  /// Runs what may wait, until there is no time left.
  private void start(ChannelHandlerContext context, Work work) {
    Thread.ofVirtual()
        .name("https-exchange")
        .start(() -> {
          limit.enter();
          try {
            work.run();
          } catch (InterruptedException noTimeLeft) {
            later(
                context,
                () -> {
                  leaveLargeTurn();
                  context.close();
                },
                () -> {});
          } finally {
            limit.leave();
          }
        });
  }

  /// Goes on, on the event loop.
  ///
  /// @param never where that has ended
  private static void later(ChannelHandlerContext context, Runnable step, Runnable never) {
    try {
      context.executor().execute(step);
    } catch (RejectedExecutionException ended) {
      never.run();
    }
  }

  /// Answers before the request was read to its end. The connection ends with that: what follows
  /// may be the rest of this request or another one.
  private void refuse(ChannelHandlerContext context, Reply reply) {
    state = State.UNWANTED;
    body = null;
    if (head == null) {
      head = new RequestRouter.Head(null, "", "", System.nanoTime());
    }
    limit.begin();
    write(context, reply.asLast());
    resume(context);
  }

  private void write(ChannelHandlerContext context, Reply reply) {
    leaveLargeTurn();
    Response response = reply.response();
    FullHttpResponse written =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(response.status()),
            Unpooled.wrappedBuffer(response.body()));
    written.headers().set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
    written.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
    reply.headers().forEach(written.headers()::set);
    boolean last = reply.last() || answers.isStopping() || !keepsConnection;
    if (last) {
      written.headers().set(HttpHeaderNames.CONNECTION, "close");
    }
    RequestRouter.Head mine = requireNonNull(head);
    context
        .writeAndFlush(written)
        .addListener(done -> {
          if (!done.isSuccess()) {
            context.close();
            return;
          }
          answers.written(mine, reply);
          if (mine.asks() && response.status() == 200) {
            connection.shown(caller.verified());
          } else if (connection.standing() == ConnectionPlace.Standing.VERIFIED
              && !caller.verified()) {
            // Its certificate counts no longer: a page that anybody may read keeps no place for it.
            connection.shown(false);
          }
          answered = true;
          if (!last) {
            next(context);
          } else if (wholeBody) {
            context.close();
          } else {
            state = State.UNWANTED;
            limit.hurry(LINGER_TIME);
            endUnwanted(context);
            resume(context);
          }
        });
  }

  /// Hangs up when the client has seen the answer, as far as that can be known.
  private void endUnwanted(ChannelHandlerContext context) {
    if (answered && (wholeBody || lingered > LINGER_BYTES)) {
      context.close();
    }
  }

  private void next(ChannelHandlerContext context) {
    head = null;
    state = State.HEAD;
    limit.rest();
    resume(context);
  }

  /// Takes what came early, and reads on.
  private void resume(ChannelHandlerContext context) {
    while (state != State.BUSY && !early.isEmpty()) {
      take(context, early.remove());
    }
    if (early.isEmpty() && !context.channel().config().isAutoRead()) {
      context.channel().config().setAutoRead(true);
    }
  }

  private void leaveLargeTurn() {
    if (largeTurn) {
      largeTurn = false;
      answers.turns().large().left(connection);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    early.forEach(ReferenceCountUtil::release);
    early.clear();
    // What is worked on keeps its turn until it ends.
    if (state != State.BUSY) {
      leaveLargeTurn();
    }
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A client that is gone, or whose TLS is broken, is no event; anything else is a bug.
    boolean theirs = cause instanceof IOException || cause instanceof DecoderException;
    LOG.log(theirs ? Level.DEBUG : Level.ERROR, "a connection failed and is closed", cause);
    context.close();
  }
}
