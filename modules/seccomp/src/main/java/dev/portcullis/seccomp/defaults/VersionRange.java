package dev.portcullis.seccomp.defaults;

import dev.portcullis.seccomp.runtime.Version;
import java.util.Objects;

/// Releases of one minor version, without a gap.
public record VersionRange(Version from, Version to) {
  /// Reads `1.6.0-1.6.6`, or `1.6.0`.
  static VersionRange read(String text) {
    String[] ends = text.split("-", 2);
    return new VersionRange(version(ends[0]), version(ends[ends.length - 1]));
  }

  static Version version(String text) {
    return Objects.requireNonNull(Version.read(text), text);
  }

  /// Whether a release is one of these.
  boolean has(Version version) {
    return version.compareTo(from) >= 0 && version.compareTo(to) <= 0;
  }

  @Override
  public String toString() {
    return from.equals(to) ? from.toString() : from + "-" + to;
  }
}
