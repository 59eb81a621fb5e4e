package dev.portcullis.cli.options;

import java.nio.file.Path;

/// A socket in the file system, as CRI's tools write it: `unix:///run/containerd/containerd.sock`.
public final class UnixSocket {
  private static final String SCHEME = "unix://";

  private UnixSocket() {}

  /// The path in the value of an option.
  public static Path path(Option option, String text) throws UsageException {
    if (!text.startsWith(SCHEME + "/") || text.indexOf('\0') >= 0) {
      throw new UsageException(
          option.text() + ": \"" + text + "\" must be unix:// and an absolute path");
    }
    return Path.of(text.substring(SCHEME.length())).normalize();
  }

  /// As {@link #path} reads it.
  public static String text(Path path) {
    return SCHEME + path;
  }
}
