package dev.portcullis.site;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// A style or a script of this module, which stands in the pages themselves.
///
/// @param text its content
record SiteResource(String text) {
  static final SiteResource STYLE = named("site.css");
  static final SiteResource SEARCH = named("search.js");

  private static SiteResource named(String name) {
    try (InputStream in = SiteResource.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the module lacks " + name);
      }
      return new SiteResource(new String(in.readAllBytes(), UTF_8));
    } catch (IOException broken) {
      throw new UncheckedIOException(name, broken);
    }
  }

  /// As a Content-Security-Policy names it: a browser takes this text and no other.
  String source() {
    try {
      return "'sha256-"
          + Base64.getEncoder()
              .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)))
          + "'";
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}
