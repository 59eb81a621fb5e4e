package dev.portcullis.admission.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.testing.Wait;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LingerHandlerTest {
  private static final int MIB = 1024 * 1024;

  private final ConnectionDeadline limit =
      new ConnectionDeadline(Duration.ofMinutes(1), Duration.ofMinutes(1), () -> {});
  private final RequestGate gate = new RequestGate();
  private final EmbeddedChannel channel =
      new EmbeddedChannel(limit, gate, new LingerHandler(gate, limit));

  private static HttpContent part(int length) {
    return new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[length]));
  }

  private void sendHead() {
    channel.writeInbound(
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/validate"));
    assertThat(channel.<Object>readInbound()).isNotNull();
  }

  private HttpResponse answer(HttpResponseStatus status) {
    channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status));
    return channel.readOutbound();
  }

  @Test
  void anAnswerToAWholeRequestPassesAndItsConnectionClosesAtOnce() {
    sendHead();
    channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
    assertThat(channel.<Object>readInbound()).isNotNull();
    assertThat(HttpUtil.isKeepAlive(answer(HttpResponseStatus.OK))).isTrue();
    assertThat(channel.isOpen()).isTrue();
    var _ = channel.close();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void theRestIsReadAndPassedToNobody() {
    sendHead();
    assertThat(HttpUtil.isKeepAlive(answer(HttpResponseStatus.NOT_FOUND))).isFalse();
    var _ = channel.close();
    HttpContent rest = part(10);
    channel.writeInbound(rest);
    assertThat(channel.<Object>readInbound()).isNull();
    assertThat(rest.refCnt()).isZero();
    assertThat(channel.isOpen()).isTrue();
    channel.writeInbound(new DefaultLastHttpContent());
    assertThat(channel.isOpen()).isFalse();
  }

  /// A client may send the next request behind a body that nobody wanted.
  @Test
  void whatFollowsTheRestIsNoRequest() {
    sendHead();
    answer(HttpResponseStatus.NOT_FOUND);
    channel.writeInbound(
        new DefaultLastHttpContent(),
        new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/next"),
        part(10));
    assertThat(channel.<Object>readInbound()).isNull();
    var _ = channel.close();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void noMoreIsReadThanEightMebibytes() {
    sendHead();
    answer(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
    var _ = channel.close();
    for (int i = 0; i < 8; i++) {
      channel.writeInbound(part(MIB));
      assertThat(channel.isOpen()).isTrue();
    }
    channel.writeInbound(part(1));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void theRestHasTwoSeconds() throws Exception {
    sendHead();
    answer(HttpResponseStatus.NOT_FOUND);
    long begin = System.nanoTime();
    // The channel of tests would cancel what is scheduled.
    var _ = channel.pipeline().close();
    Wait.until(
        "the connection is closed",
        () -> {
          channel.runScheduledPendingTasks();
          return !channel.isOpen();
        });
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
  }

  /// What was held back while the request waited is a part of the rest.
  @Test
  void anAnswerOpensTheGate() {
    sendHead();
    gate.hold();
    channel.writeInbound(part(10), LastHttpContent.EMPTY_LAST_CONTENT);
    answer(HttpResponseStatus.SERVICE_UNAVAILABLE);
    assertThat(channel.<Object>readInbound()).isNull();
    var _ = channel.close();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whereNothingMoreCanBeUnderstoodNothingIsWaitedFor() {
    sendHead();
    HttpContent broken = part(0);
    broken.setDecoderResult(DecoderResult.failure(new IllegalStateException("broken")));
    channel.writeInbound(broken);
    assertThat(channel.<Object>readInbound()).isSameAs(broken);
    answer(HttpResponseStatus.BAD_REQUEST);
    var _ = channel.close();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whatOnlyAsksForTheBodyIsNoAnswer() {
    sendHead();
    assertThat(HttpUtil.isKeepAlive(answer(HttpResponseStatus.CONTINUE))).isTrue();
    channel.writeInbound(part(10));
    assertThat(channel.<Object>readInbound()).isNotNull();
  }

  @Test
  void aFailureWithoutAnAnswerClosesAtOnce() {
    sendHead();
    var _ = channel.close();
    assertThat(channel.isOpen()).isFalse();
  }
}
