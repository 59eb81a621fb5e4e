package dev.portcullis.seccomp.profile;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The two numbers of a kernel's version that Docker's `minKernel` compares.
public record KernelVersion(int kernel, int major) implements Comparable<KernelVersion> {
  // Docker reads each number into eight bits.
  private static final Pattern WRITTEN = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})");
  private static final Pattern RELEASE = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})([^0-9].*)?");
  private static final Comparator<KernelVersion> ORDER =
      Comparator.comparingInt(KernelVersion::kernel).thenComparingInt(KernelVersion::major);

  /// Reads `4.8`: two numbers below 256, as Docker takes them, not both zero.
  public static Optional<KernelVersion> written(String text) {
    return match(WRITTEN, text)
        .filter(version -> version.kernel < 256 && version.major < 256)
        .filter(version -> version.kernel + version.major > 0);
  }

  /// Reads the release of a running kernel, `6.1.0-18-amd64`.
  public static Optional<KernelVersion> ofRelease(String release) {
    return match(RELEASE, release);
  }

  private static Optional<KernelVersion> match(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new KernelVersion(
                Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  @Override
  public int compareTo(KernelVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return kernel + "." + major;
  }
}
