package dev.portcullis.cli.options;

import dev.portcullis.seccomp.finding.SpellingHint;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/// What makes a verdict on pods a failure, beside a pod that is refused.
public enum FailOn {
  /// A container that runs without a filter although Portcullis is installed.
  UNCONFINED("unconfined"),
  /// A container that runs without a filter where Portcullis is not installed.
  UNCONFINED_TODAY("unconfined-today"),
  /// An annotation that has no effect where Portcullis is not installed.
  IGNORED_ANNOTATION("ignored-annotation"),
  /// A warning about a pod.
  WARNING("warning"),
  /// A refused pod. It always is one; for those who like to write it down.
  REFUSED("refused");

  public static final Option OPTION =
      Option.values(
          "fail-on",
          "WHAT",
          "end with 1 also on: " + words() + "; may be repeated, or separated by commas");

  private final String text;

  FailOn(String text) {
    this.text = text;
  }

  private static String words() {
    return Arrays.stream(values()).map(each -> each.text).collect(Collectors.joining(", "));
  }

  /// As it stands on the command line.
  public String text() {
    return text;
  }

  /// What {@link #OPTION} names.
  public static Set<FailOn> read(Arguments arguments) throws UsageException {
    Set<FailOn> chosen = EnumSet.noneOf(FailOn.class);
    for (String value : arguments.values(OPTION)) {
      for (String word : value.split(",", -1)) {
        chosen.add(
            Arrays.stream(values())
                .filter(each -> each.text.equals(word))
                .findFirst()
                .orElseThrow(() ->
                    new UsageException(
                        OPTION.text()
                            + ": \""
                            + word
                            + "\" is not known; use "
                            + words()
                            + SpellingHint.hint(
                                word, Arrays.stream(values()).map(FailOn::text).toList()))));
      }
    }
    return chosen;
  }
}
