package dev.portcullis.admission.http;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;

/// Reads HTTP/1.1, without guesses about where a body ends.
final class StrictDecoder extends HttpRequestDecoder {
  /// An API server sends about 300.
  private static final int HEADER_BYTES = 8 * 1024;

  private static final int FIRST_LINE_BYTES = 4 * 1024;

  StrictDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(FIRST_LINE_BYTES)
            .setMaxHeaderSize(HEADER_BYTES)
            .setHeadersFactory(HeaderLines.factory(DefaultHttpHeadersFactory.headersFactory()))
            .setTrailersFactory(HeaderLines.factory(DefaultHttpHeadersFactory.trailersFactory()))
            .setMaxChunkSize(ConcurrencyLimits.LARGE)
            // Refuses a length beside chunks.
            .setUseRfc9112TransferEncoding(true));
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    List<String> codings = message.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.isEmpty()
        && !(codings.size() == 1 && codings.getFirst().strip().equalsIgnoreCase("chunked"))) {
      throw new IllegalArgumentException("a transfer coding that is not served: " + codings);
    }
    return super.isContentAlwaysEmpty(message);
  }
}
