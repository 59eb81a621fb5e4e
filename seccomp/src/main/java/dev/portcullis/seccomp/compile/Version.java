package dev.portcullis.seccomp.compile;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The version of a library or a program, as far as versions are compared here: what stands behind
/// three numbers does not count.
public record Version(int major, int minor, int patch) implements Comparable<Version> {
  /// The first libseccomp whose filters compare all 64 bits of an argument as they say. "libseccomp
  /// before 2.4.0 did not correctly generate 64-bit syscall argument comparisons using the
  /// arithmetic operators (LT, GT, LE, GE)": CVE-2019-9893, and the release notes of 2.4.0.
  public static final Version FIRST_EXACT_LIBSECCOMP = new Version(2, 4, 0);

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

  @Override
  public int compareTo(Version other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
