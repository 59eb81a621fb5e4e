package dev.portcullis.kernel.trace;

import java.io.IOException;

/// Whether the traces of the kernel can be used here.
final class Tracefs {
  private Tracefs() {}

  /// Referred to by {@link NeedsTracefs}.
  static boolean isUsable() {
    try (TraceFiles _ = TraceFiles.open()) {
      return "root".equals(System.getProperty("user.name"))
          && "amd64".equals(System.getProperty("os.arch"));
    } catch (IOException none) {
      return false;
    }
  }
}
