package dev.portcullis.admission.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyHandlerTest {
  private static final int PIECE = 16 * 1024;

  private final EmbeddedChannel channel = new EmbeddedChannel(new BodyHandler());

  private static RequestHead head(long length) {
    return new RequestHead(
        Route.question(_ -> Response.text(200, "ok")), "/validate", "", length, true, 0);
  }

  private static HttpContent part(int length) {
    return new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[length]));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 3 * PIECE + 1, Options.LARGEST_BODY, Long.MAX_VALUE})
  void partsBecomeABody(long announced) {
    HttpContent last = new DefaultLastHttpContent(Unpooled.wrappedBuffer(new byte[] {7}));
    channel.writeInbound(head(announced), part(PIECE), part(PIECE), part(PIECE), last);
    FullRequest request = channel.readInbound();
    assertThat(request.head().path()).isEqualTo("/validate");
    assertThat(request.body()).hasSize(3 * PIECE + 1).endsWith(7);
    assertThat(last.refCnt()).isZero();
  }

  @Test
  void aBodyAboveTheLimitIsAnsweredAsSoonAsItIs() {
    channel.writeInbound(head(-1));
    for (int i = 0; i < Options.LARGEST_BODY / PIECE; i++) {
      channel.writeInbound(part(PIECE));
      assertThat(channel.<Object>readOutbound()).isNull();
    }
    channel.writeInbound(part(1));
    assertThat(channel.<Answer>readOutbound().response()).isEqualTo(ErrorResponses.TOO_LARGE);
  }

  /// Anyone who is answered before the end leaves its turn, so its body must be gone, too.
  @Test
  void anAnswerTakesTheBodyAway() {
    channel.writeInbound(head(3 * PIECE), part(PIECE));
    channel.writeOutbound(new Answer(head(-1), ErrorResponses.NOT_HTTP));
    channel.writeInbound(part(PIECE), LastHttpContent.EMPTY_LAST_CONTENT);
    assertThat(channel.<Object>readInbound()).isNull();
  }
}
