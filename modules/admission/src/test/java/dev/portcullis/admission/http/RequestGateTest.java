package dev.portcullis.admission.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import org.junit.jupiter.api.Test;

class RequestGateTest {
  private final RequestGate gate = new RequestGate();
  private final EmbeddedChannel channel = new EmbeddedChannel(gate);

  private HttpContent sent(String text) {
    HttpContent part = new DefaultHttpContent(Unpooled.copiedBuffer(text.getBytes(UTF_8)));
    channel.writeInbound(part);
    return part;
  }

  @Test
  void whatComesEarlyComesThroughInItsOrderWhenTheGateOpens() {
    HttpContent first = sent("first");
    assertThat(channel.<Object>readInbound()).isSameAs(first);
    gate.hold(first);
    HttpContent second = sent("second");
    HttpContent third = sent("third");
    assertThat(channel.<Object>readInbound()).isNull();
    gate.open();
    assertThat(channel.<Object>readInbound()).isSameAs(first);
    assertThat(channel.<Object>readInbound()).isSameAs(second);
    assertThat(channel.<Object>readInbound()).isSameAs(third);
  }

  /// Else anyone who sends and does not wait for answers would fill the memory.
  @Test
  void nothingMoreIsReadOnceSomethingIsHeldBack() {
    gate.hold();
    assertThat(channel.config().isAutoRead()).isTrue();
    sent("early");
    assertThat(channel.config().isAutoRead()).isFalse();
    gate.open();
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void whatIsHeldBackGoesWithTheConnection() {
    gate.hold();
    HttpContent early = sent("early");
    var _ = channel.close();
    assertThat(early.refCnt()).isZero();
    gate.open();
    assertThat(channel.<Object>readInbound()).isNull();
  }

  /// A record of TLS that was read is decoded to its end: 900 requests, or 2,700 chunks of a byte.
  @Test
  void whoSendsMoreThanCanBeHeldBackIsClosed() {
    gate.hold();
    HttpContent first = sent("0");
    for (int i = 1; i < RequestGate.MOST_HELD; i++) {
      sent("" + i);
    }
    assertThat(channel.isOpen()).isTrue();
    HttpContent last = new DefaultHttpContent(Unpooled.copiedBuffer(new byte[1]));
    channel.pipeline().fireChannelRead(last);
    channel.runPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    assertThat(first.refCnt()).isZero();
    assertThat(last.refCnt()).isZero();
    gate.open();
    assertThat(channel.<Object>readInbound()).isNull();
  }
}
