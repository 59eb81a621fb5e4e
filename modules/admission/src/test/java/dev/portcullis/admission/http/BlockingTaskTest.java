package dev.portcullis.admission.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockingTaskTest {
  /// Else the turn of the request would be lost, and its client would wait for nothing.
  @SuppressWarnings("deprecation") // an EmbeddedChannel has no loop of its own
  @ParameterizedTest
  @ValueSource(classes = {OutOfMemoryError.class, IllegalStateException.class})
  void oneThatFailsGivesBackWhatItHasAndEndsTheConnection(Class<? extends Throwable> failure)
      throws Exception {
    EventExecutor loop = new DefaultEventExecutor();
    ChannelInboundHandlerAdapter handler = new ChannelInboundHandlerAdapter();
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.pipeline().addLast(loop, handler);
    CountDownLatch given = new CountDownLatch(1);
    BlockingTask.start(
        channel.pipeline().context(handler),
        new ConnectionDeadline(Duration.ofMinutes(1), Duration.ofMinutes(1), () -> {}),
        () -> {
          if (failure == OutOfMemoryError.class) {
            throw new OutOfMemoryError("no heap");
          }
          throw new IllegalStateException("a bug");
        },
        given::countDown);
    try {
      assertThat(given.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(loop.submit(() -> {}).sync().isSuccess()).isTrue();
      assertThat(channel.isOpen()).isFalse();
    } finally {
      var _ = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
  }
}
