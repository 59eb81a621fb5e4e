package dev.portcullis.seccomp.runtime;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The version of a library or a program, as far as versions are compared here: what stands behind
/// three numbers does not count.
public record Version(int major, int minor, int patch) implements Comparable<Version> {
  private static final Pattern TEXT =
      Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?(?:[^\\d.].*)?");

  private static final Comparator<Version> ORDER =
      Comparator.comparingInt(Version::major)
          .thenComparingInt(Version::minor)
          .thenComparingInt(Version::patch);

  /// What a text says: `2.5.4`, `v1.6.20~ds1`; null where it is none.
  public static @Nullable Version read(String text) {
    Matcher numbers = TEXT.matcher(text);
    return numbers.matches()
        ? new Version(
            Integer.parseInt(numbers.group(1)),
            Integer.parseInt(numbers.group(2)),
            numbers.group(3) == null ? 0 : Integer.parseInt(numbers.group(3)))
        : null;
  }

  /// Without a third number where that is 0, as minor versions are spoken of.
  public String text() {
    return patch == 0 ? major + "." + minor : toString();
  }

  @Override
  public int compareTo(Version other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
