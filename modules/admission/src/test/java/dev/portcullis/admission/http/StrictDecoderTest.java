package dev.portcullis.admission.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a head may take before anybody looks at who sent it.
class StrictDecoderTest {
  private static EmbeddedChannel sent(String text) {
    EmbeddedChannel channel = new EmbeddedChannel(new StrictDecoder());
    channel.writeInbound(Unpooled.copiedBuffer(text, US_ASCII));
    return channel;
  }

  private static HttpRequest head(String lines) {
    EmbeddedChannel channel = sent("GET /livez HTTP/1.1\r\n" + lines + "\r\n");
    HttpRequest request = channel.readInbound();
    channel.releaseInbound();
    return request;
  }

  @Test
  void aHeadHasSoManyLinesAndNoMore() {
    HttpRequest most = head("a: 1\r\n".repeat(64));
    assertThat(most.decoderResult().isSuccess()).isTrue();
    assertThat(most.headers().getAll("a")).hasSize(64);
    HttpRequest more = head("a: 1\r\n".repeat(65));
    assertThat(more.decoderResult().cause()).hasMessage("more than 64 header lines");
    assertThat(more.headers().size()).isLessThanOrEqualTo(64);
  }

  @Test
  void nameAndValueAreStillChecked() {
    assertThat(head("a b: 1\r\n").decoderResult().isFailure()).isTrue();
    assertThat(head("a: \u0001\r\n").decoderResult().isFailure()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 65})
  void soManyTrailersAndNoMore(int lines) {
    EmbeddedChannel channel =
        sent(
            "POST /validate HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                + "a: 1\r\n".repeat(lines)
                + "\r\n");
    assertThat(channel.<HttpRequest>readInbound().decoderResult().isSuccess()).isTrue();
    LastHttpContent last = channel.readInbound();
    assertThat(last.decoderResult().isSuccess()).isEqualTo(lines == 64);
  }

  /// Of the longest, and of the one that has most lines.
  @ParameterizedTest
  @ValueSource(ints = {64, 4_000})
  void aHeadTakesLittleMemory(int lines) {
    String line = "a:" + "b".repeat(lines == 64 ? 120 : 0) + "\r\n";
    int count = 400;
    List<HttpRequest> heads = new ArrayList<>(List.of(head(line.repeat(lines))));
    long before = usedMemory();
    for (int i = 0; i < count; i++) {
      heads.add(head(line.repeat(lines)));
    }
    assertThat((usedMemory() - before) / count).isLessThan(24 * 1024);
    assertThat(heads).hasSize(count + 1);
    assertThat(heads.getFirst().decoderResult().isSuccess()).isEqualTo(lines == 64);
  }

  private static long usedMemory() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
