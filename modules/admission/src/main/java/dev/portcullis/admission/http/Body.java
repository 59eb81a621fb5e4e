package dev.portcullis.admission.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// The body of a request as it arrives, up to [Options#LARGEST_BODY] bytes.
final class Body {
  private final int announced;
  private byte[] bytes;
  private int length;

  /// @param announced bytes by the request's head, negative where that does not contain it
  Body(long announced) {
    this.announced = (int) Math.min(announced, Options.LARGEST_BODY);
    bytes =
        new byte
            [0 <= announced && announced < ConcurrencyLimits.LARGE
                ? (int) announced
                : ConcurrencyLimits.LARGE];
  }

  /// Whether it was taken: false where the body would be too large.
  boolean add(ByteBuf part) {
    int sum = length + part.readableBytes();
    if (sum > Options.LARGEST_BODY) {
      return false;
    }
    if (sum > bytes.length) {
      int doubled = Math.min(Options.LARGEST_BODY, Math.max(sum, 2 * bytes.length));
      bytes = Arrays.copyOf(bytes, Math.max(sum, announced < 0 ? doubled : announced));
    }
    part.readBytes(bytes, length, part.readableBytes());
    length = sum;
    return true;
  }

  /// All that has arrived.
  byte[] whole() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }
}
