package dev.portcullis.admission.http;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpHeadersFactory;

/// The headers or trailers of a request, up to [#MOST] lines. A line of three bytes takes some 80
/// of the heap, so a bound on bytes alone bounds no memory.
final class HeaderLines extends DefaultHttpHeaders {
  /// An API server sends about 10.
  static final int MOST = 64;

  private HeaderLines(DefaultHttpHeadersFactory like) {
    super(like.getNameValidator(), like.getValueValidator());
  }

  /// Makes them.
  ///
  /// @param like whose rules for names and values count
  static HttpHeadersFactory factory(DefaultHttpHeadersFactory like) {
    return new HttpHeadersFactory() {
      @Override
      public HttpHeaders newHeaders() {
        return new HeaderLines(like);
      }

      @Override
      public HttpHeaders newEmptyHeaders() {
        return new HeaderLines(like);
      }
    };
  }

  @Override
  public HttpHeaders add(String name, Object value) {
    return add((CharSequence) name, value);
  }

  /// The decoder adds one line at a time by this.
  ///
  /// @throws IllegalArgumentException for one too many, which makes the request unreadable
  @Override
  public HttpHeaders add(CharSequence name, Object value) {
    if (size() >= MOST) {
      throw new IllegalArgumentException("more than " + MOST + " header lines");
    }
    return super.add(name, value);
  }
}
