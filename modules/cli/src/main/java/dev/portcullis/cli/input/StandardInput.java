package dev.portcullis.cli.input;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Standard input, which can be read once, and is there as often as `-` stands for it.
public final class StandardInput {
  private final InputStream in;
  private byte @Nullable [] content;

  public StandardInput(InputStream in) {
    this.in = in;
  }

  /// All of it, or so much of it.
  ///
  /// @param most bytes; the same each time
  byte[] read(int most) throws IOException {
    if (content == null) {
      content = in.readNBytes(most);
    }
    return content;
  }
}
