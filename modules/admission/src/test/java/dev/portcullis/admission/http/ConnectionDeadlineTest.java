package dev.portcullis.admission.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionDeadlineTest {
  /// Else what an interrupted handler made would be sent as the answer, now and then.
  @Test
  void theConnectionIsClosedBeforeTheWorkIsInterrupted() {
    List<Boolean> interrupted = new ArrayList<>();
    var closes =
        new ChannelOutboundHandlerAdapter() {
          @Override
          public void close(ChannelHandlerContext context, ChannelPromise promise) {
            interrupted.add(Thread.currentThread().isInterrupted());
            var _ = context.close(promise);
          }
        };
    ConnectionDeadline limit =
        new ConnectionDeadline(Duration.ofMinutes(1), Duration.ofMinutes(1), () -> {});
    EmbeddedChannel channel = new EmbeddedChannel(closes, limit);
    limit.enter();
    limit.end();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(interrupted).containsExactly(false);
    assertThat(channel.isOpen()).isFalse();
  }
}
