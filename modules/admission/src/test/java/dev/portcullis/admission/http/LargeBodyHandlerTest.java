package dev.portcullis.admission.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.testing.Wait;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Connections that go while they have a turn, or wait for one. Patience is shorter than the time
/// after which anyone who waits takes the turn of a body that does not come, which would hide a
/// turn that nobody left.
@Timeout(180)
class LargeBodyHandlerTest {
  private static final int AT_ONCE = 4;

  private final LargeTurns turns = new LargeTurns(Duration.ofMinutes(1), Duration.ofHours(1));
  private final EventExecutor loop = new DefaultEventExecutor();
  private final BlockingQueue<Object> passed = new LinkedBlockingQueue<>();
  private final EmbeddedChannel channel = new EmbeddedChannel();

  private static ConnectionPlace place() {
    return place(new ConnectionDeadline(Duration.ofMinutes(1), Duration.ofMinutes(1), () -> {}));
  }

  private static ConnectionPlace place(ConnectionDeadline limit) {
    return new ConnectionPlace(new PeerAddress(1, Integer.SIZE), limit);
  }

  @AfterEach
  void stop() {
    var _ = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  // An EmbeddedChannel has no loop of its own that another thread may hand something to.
  @SuppressWarnings("deprecation")
  private void sendLargePart() throws Exception {
    RequestGate gate = new RequestGate();
    ConnectionDeadline limit =
        new ConnectionDeadline(Duration.ofMinutes(1), Duration.ofMinutes(1), () -> {});
    channel
        .pipeline()
        .addLast(
            loop,
            limit,
            gate,
            new LargeBodyHandler(turns, place(limit), gate),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                passed.add(message);
              }
            });
    RequestHead head =
        new RequestHead(
            Route.question(_ -> Response.text(200, "ok")), "/validate", "", 100_000, true, 0);
    channel.writeInbound(
        head, new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[ConcurrencyLimits.LARGE])));
    assertThat(passed.take()).isSameAs(head);
  }

  private List<ConnectionPlace> takeAllTurns() throws Exception {
    List<ConnectionPlace> places = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      places.add(place());
      assertThat(turns.entered(places.getLast())).isTrue();
      turns.whole(places.getLast());
    }
    return places;
  }

  private void awaitWaiting(int count) throws InterruptedException {
    for (int i = 0; i < 1_000 && turns.waiting() != count; i++) {
      Thread.sleep(10);
    }
    assertThat(turns.waiting()).isEqualTo(count);
  }

  /// Comes back when every handler has heard of it.
  private void hangUp() throws Exception {
    var _ = channel.close();
    assertThat(loop.submit(() -> {}).sync().isSuccess()).isTrue();
    channel.runPendingTasks();
    assertThat(loop.submit(() -> {}).sync().isSuccess()).isTrue();
  }

  @Test
  void whoGoesLeavesItsTurn() throws Exception {
    sendLargePart();
    assertThat(passed.take()).isInstanceOf(DefaultHttpContent.class);
    var _ = channel.close();
    assertThat(takeAllTurns()).hasSize(AT_ONCE);
  }

  /// The loop is kept busy, so that one that took a turn could not give it back.
  @Test
  void whoGoesWhileItWaitsWaitsNoLonger() throws Exception {
    List<ConnectionPlace> others = takeAllTurns();
    sendLargePart();
    awaitWaiting(1);
    hangUp();
    awaitWaiting(0);
    CountDownLatch gate = new CountDownLatch(1);
    loop.execute(() -> {
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    others.forEach(turns::left);
    try {
      assertThat(takeAllTurns()).hasSize(AT_ONCE);
    } finally {
      gate.countDown();
    }
  }

  @Test
  void whoGoesWhileItWaitsTakesNoTurn() throws Exception {
    List<ConnectionPlace> others = takeAllTurns();
    sendLargePart();
    Wait.until("it waits for a turn", () -> turns.waiting() == 1);
    var _ = channel.close();
    assertThat(loop.submit(() -> {}).sync().isSuccess()).isTrue();
    others.forEach(turns::left);
    Wait.until("it waits no longer", () -> turns.waiting() == 0);
    assertThat(takeAllTurns()).hasSize(AT_ONCE);
    assertThat(passed).isEmpty();
  }
}
