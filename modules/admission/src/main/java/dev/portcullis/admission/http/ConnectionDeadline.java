package dev.portcullis.admission.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What one connection may take: for a handshake, for a request from its first byte to the last of
/// its answer, and for doing nothing.
///
/// It stands before TLS. So it sees the first byte of a record that is never completed, and it can
/// close the connection without a goodbye, which would wait for a client that does not read.
@SuppressWarnings("FutureReturnValueIgnored") // a failed close is of no interest
final class ConnectionDeadline extends ChannelInboundHandlerAdapter {
  /// Longer than the 90 s after which an API server closes an idle connection itself
  /// (k8s.io/apimachinery, net.SetOldTransportDefaults): where both would close, a review that is
  /// sent at that moment is lost, and Go does not repeat a POST.
  private static final Duration IDLE = Duration.ofMinutes(2);

  private static final Duration LONGEST_TICK = Duration.ofSeconds(1);

  private final long handshake;
  private final long request;
  private final Runnable slow;
  private final long tick;
  private volatile long end;
  private volatile boolean running;
  private volatile boolean late;
  private final AtomicReference<@Nullable Thread> worker = new AtomicReference<>();

  /// Both under the lock of this object.
  private @Nullable Thread waiting;

  private boolean gone;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> looks;

  /// @param handshake of TLS: no longer than a request
  /// @param request from its first byte to the last of its answer
  /// @param slow is run where one of them had no time left
  ConnectionDeadline(Duration handshake, Duration request, Runnable slow) {
    this.handshake = Math.min(handshake.toNanos(), request.toNanos());
    this.request = request.toNanos();
    this.slow = slow;
    tick = Math.min(LONGEST_TICK.toNanos(), this.handshake / 8);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    begin(handshake);
    looks = added.executor().scheduleWithFixedDelay(this::look, tick, tick, TimeUnit.NANOSECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    begin();
    context.fireChannelRead(bytes);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    synchronized (this) {
      gone = true;
      if (waiting != null) {
        waiting.interrupt();
      }
    }
    context.fireChannelInactive();
  }

  /// To stand behind TLS, where the end of the handshake is reported: the first bytes of a request
  /// may come with the last ones of it.
  ChannelInboundHandlerAdapter decrypted() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
          rest();
        }
        context.fireUserEventTriggered(event);
      }

      @Override
      public void channelRead(ChannelHandlerContext context, Object bytes) {
        begin();
        context.fireChannelRead(bytes);
      }
    };
  }

  /// Something has begun, or goes on.
  void begin() {
    begin(request);
  }

  private void begin(long time) {
    if (!running) {
      end = System.nanoTime() + time;
      running = true;
    }
  }

  /// Whether something has begun and not ended. For any thread, like [#end] and [#late].
  boolean running() {
    return running;
  }

  /// It has ended: the next may take its time.
  void rest() {
    running = false;
    end = System.nanoTime() + IDLE.toNanos();
  }

  /// Leaves what has begun no more than this.
  void hurry(Duration left) {
    end = Math.min(end, System.nanoTime() + left.toNanos());
  }

  /// The current thread works on the request, and is interrupted when there is no time left.
  void enter() {
    worker.set(Thread.currentThread());
    if (late) {
      Thread.currentThread().interrupt();
    }
  }

  /// It has done its work. The next request may be worked on already.
  void leave() {
    worker.compareAndSet(Thread.currentThread(), null);
  }

  /// Something that a request has to wait for.
  interface Turn {
    /// Whether it has come.
    boolean entered() throws InterruptedException;
  }

  /// Has the current thread wait for a turn, for as long as there is a client: one that is gone has
  /// no place any more, and would keep its thread and its body. A thread that has its turn works
  /// on, also without a client, as what it learns of grants and proofs serves the next try.
  ///
  /// @throws InterruptedException where the client is gone, or no time is left
  boolean await(Turn turn) throws InterruptedException {
    synchronized (this) {
      if (gone) {
        throw new InterruptedException("the client is gone");
      }
      waiting = Thread.currentThread();
    }
    try {
      return turn.entered();
    } finally {
      synchronized (this) {
        waiting = null;
        if (gone && !late) {
          // It went when the turn had come.
          var _ = Thread.interrupted();
        }
      }
    }
  }

  /// Whether there is no time left.
  boolean late() {
    return late;
  }

  /// There is none from now on.
  void end() {
    ChannelHandlerContext mine = context;
    late = true;
    // First, so that what an interrupted handler answers is not sent.
    if (mine != null) {
      mine.close();
    }
    Thread working = worker.get();
    if (working != null) {
      working.interrupt();
    }
  }

  private void look() {
    if (late || System.nanoTime() - end >= 0) {
      if (!late && running) {
        slow.run();
      }
      // At every tick again: code that swallowed one interrupt may wait for something else now.
      end();
    }
    boolean over = context != null && !context.channel().isActive() && worker.get() == null;
    if (over && looks != null) {
      looks.cancel(false);
    }
  }
}
