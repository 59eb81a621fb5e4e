package dev.portcullis.seccomp.runtime;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The version of a library or a program, as far as versions are compared here: what stands behind
/// three numbers does not count.
public record Version(int major, int minor, int patch) implements Comparable<Version> {
  private static final Pattern TEXT =
      Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})(?:\\.(\\d{1,6}))?(?:[^\\d.].*)?");

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
    // Without Comparator.comparing, whose lambdas every start of the command would make.
    int byMajor = Integer.compare(major, other.major);
    int byMinor = byMajor == 0 ? Integer.compare(minor, other.minor) : byMajor;
    return byMinor == 0 ? Integer.compare(patch, other.patch) : byMinor;
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
