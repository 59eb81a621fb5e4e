package dev.portcullis.seccomp.defaults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.seccomp.runtime.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The default profiles of runtimes by version, as their sources have them, for machines without a
/// runtime. What a runtime of a machine really gives is another question.
///
/// A name is `containerd/default@1.7.34`. `@1.7` is the newest known release of 1.7, `@1` of 1, and
/// a name without a version the newest known of all.
public final class BuiltInDefaults {
  static final String DEFAULT = "/default";

  private static final List<String> RUNTIMES = List.of("containerd", "docker", "podman", "crio");
  private static final Pattern NAME =
      Pattern.compile("(" + String.join("|", RUNTIMES) + ")" + DEFAULT + "(?:@(.*))?");

  /// A version that is less specific than a release: `1.7`, `v29`.
  private static final Pattern SERIES = Pattern.compile("v?(\\d{1,6})(?:\\.(\\d{1,6}))?");

  /// What comes before the release of its numbers. Other text behind them is of a distribution.
  private static final Pattern PRE_RELEASE = Pattern.compile("alpha|beta|rc|dev");

  private BuiltInDefaults() {}

  /// What came of a name.
  public sealed interface Answer {}

  /// There is one.
  public record Found(BuiltInDefault found) implements Answer {}

  /// There is none of that version.
  ///
  /// @param reason with what there is
  public record NotKnown(String reason) implements Answer {}

  /// The runtimes, in the order in which they are listed.
  public static List<String> runtimes() {
    return RUNTIMES;
  }

  /// Names to choose from: the newest of each runtime, and the newest of each of its minor
  /// versions.
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    for (String runtime : RUNTIMES) {
      names.add(runtime + DEFAULT);
      for (Version minor : minors(all(runtime)).keySet()) {
        names.add(runtime + DEFAULT + "@" + minor.major() + "." + minor.minor());
      }
    }
    return names;
  }

  /// Whether a text is a name of this form, of any version.
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /// The default profile of a name.
  ///
  /// @throws IllegalArgumentException where it is no name
  public static Answer find(String name) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches()) {
      throw new IllegalArgumentException("no name of a default profile: " + name);
    }
    String runtime = parts.group(1);
    List<DefaultContents> all = all(runtime);
    String wanted = parts.group(2);
    Version version = wanted == null ? newest(all, null) : version(all, wanted);
    if (version != null) {
      for (DefaultContents contents : all) {
        if (contents.versions().stream().anyMatch(range -> range.has(version))) {
          return new Found(new BuiltInDefault(runtime, version, contents));
        }
      }
    }
    return new NotKnown("\"" + wanted + "\" is not known; there are " + known(all));
  }

  /// All contents of the default profile of a runtime, in the order of their first versions.
  ///
  /// @param runtime one of {@link #runtimes}
  public static List<DefaultContents> all(String runtime) {
    String file = runtime + ".txt";
    try (InputStream in = BuiltInDefaults.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the module lacks " + file);
      }
      return DefaultsFile.read(new String(in.readAllBytes(), UTF_8));
    } catch (IOException broken) {
      throw new UncheckedIOException(file, broken);
    }
  }

  /// The release that a text means, whether it is known or not; null where it means none.
  private static @Nullable Version version(List<DefaultContents> all, String wanted) {
    if (PRE_RELEASE.matcher(wanted).find()) {
      return null;
    }
    return SERIES.matcher(wanted).matches() ? newest(all, wanted) : Version.read(wanted);
  }

  /// @param series `1.7` or `1`; null for any
  private static @Nullable Version newest(List<DefaultContents> all, @Nullable String series) {
    Version newest = null;
    for (DefaultContents contents : all) {
      for (VersionRange range : contents.versions()) {
        Version to = range.to();
        if ((series == null || isOf(series, to)) && (newest == null || to.compareTo(newest) > 0)) {
          newest = to;
        }
      }
    }
    return newest;
  }

  private static boolean isOf(String series, Version version) {
    Matcher numbers = SERIES.matcher(series);
    return numbers.matches()
        && Integer.parseInt(numbers.group(1)) == version.major()
        && (numbers.group(2) == null || Integer.parseInt(numbers.group(2)) == version.minor());
  }

  /// The first and the last release of each minor version.
  private static String known(List<DefaultContents> all) {
    List<String> texts = new ArrayList<>();
    minors(all).values().forEach(each -> texts.add(each.toString()));
    return String.join(", ", texts);
  }

  private static Map<Version, VersionRange> minors(List<DefaultContents> all) {
    Map<Version, VersionRange> minors = new TreeMap<>();
    for (DefaultContents contents : all) {
      for (VersionRange range : contents.versions()) {
        minors.merge(
            new Version(range.from().major(), range.from().minor(), 0),
            range,
            BuiltInDefaults::span);
      }
    }
    return minors;
  }

  private static VersionRange span(VersionRange one, VersionRange other) {
    return new VersionRange(
        one.from().compareTo(other.from()) < 0 ? one.from() : other.from(),
        one.to().compareTo(other.to()) > 0 ? one.to() : other.to());
  }
}
