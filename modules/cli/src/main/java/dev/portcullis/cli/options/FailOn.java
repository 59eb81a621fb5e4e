package dev.portcullis.cli.options;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

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

  private static final Choice<FailOn> CHOICE =
      Choice.several(
          "fail-on",
          "WHAT",
          "end with 1 also on: "
              + String.join(", ", Arrays.stream(values()).map(FailOn::text).toList())
              + "; may be repeated, or separated by commas",
          List.of(values()),
          FailOn::text);

  public static final Option OPTION = CHOICE.option();

  private final String text;

  FailOn(String text) {
    this.text = text;
  }

  /// As it stands on the command line.
  public String text() {
    return text;
  }

  /// What {@link #OPTION} names.
  public static Set<FailOn> read(Arguments arguments) throws UsageException {
    Set<FailOn> chosen = EnumSet.noneOf(FailOn.class);
    chosen.addAll(CHOICE.readAll(arguments));
    return chosen;
  }
}
