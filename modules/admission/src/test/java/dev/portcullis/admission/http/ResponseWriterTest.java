package dev.portcullis.admission.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResponseWriterTest {
  private final List<String> answered = new ArrayList<>();
  private final RequestRouter router =
      new RequestRouter(
          Map.of(),
          new ConcurrencyLimits(1, Duration.ZERO),
          (path, status, _) -> answered.add(path + " " + status));
  private final ConnectionDeadline limit =
      new ConnectionDeadline(Duration.ofMinutes(1), Duration.ofMinutes(1), () -> {});
  private final RequestGate gate = new RequestGate();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(limit, gate, new ResponseWriter(router, gate, limit));

  private static Answer answer(boolean persistent) {
    return new Answer(
        new RequestHead(Route.page(_ -> OK), "/healthz", "", 0, persistent, System.nanoTime()), OK);
  }

  private static final Response OK = Response.text(200, "ok");

  @Test
  void theNextRequestComesWhenTheAnswerIsWritten() {
    gate.hold();
    channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
    limit.begin();
    channel.writeOutbound(answer(true));
    FullHttpResponse written = channel.readOutbound();
    assertThat(written.status().code()).isEqualTo(200);
    assertThat(written.content().toString(UTF_8)).isEqualTo("ok\n");
    assertThat(HttpUtil.getContentLength(written)).isEqualTo(3);
    assertThat(HttpUtil.isKeepAlive(written)).isTrue();
    assertThat(answered).containsExactly("/healthz 200");
    assertThat(channel.<Object>readInbound()).isNotNull();
    assertThat(limit.running()).isFalse();
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void aConnectionEndsWhereItsClientWantsThat() {
    channel.writeOutbound(answer(false));
    assertThat(HttpUtil.isKeepAlive(channel.<FullHttpResponse>readOutbound())).isFalse();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aConnectionEndsWithTheServer() {
    router.stopping();
    channel.writeOutbound(answer(true));
    assertThat(HttpUtil.isKeepAlive(channel.<FullHttpResponse>readOutbound())).isFalse();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void anAnswerThatCannotBeWrittenIsNotCountedAndEndsTheConnection() {
    gate.hold();
    channel
        .pipeline()
        .addFirst(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void write(ChannelHandlerContext context, Object any, ChannelPromise promise) {
                var _ = promise.setFailure(new IOException("gone"));
              }
            });
    var _ = channel.writeOneOutbound(answer(true));
    assertThat(answered).isEmpty();
    assertThat(channel.isOpen()).isFalse();
  }
}
