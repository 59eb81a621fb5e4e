package dev.portcullis.cli.input;

import dev.portcullis.cli.options.Values;
import dev.portcullis.seccomp.defaults.BuiltInDefaults;
import java.util.List;
import java.util.stream.Stream;

/// What may stand on the command line for a profile or a filter.
public final class FilterNames {
  /// What has the text of a profile, as {@link ProfileOperand} reads it.
  public static final Values PROFILES =
      Values.FILES.or(() -> with(List.of(RuntimeDefaultArgument.NAME)));

  /// What has a filter, as {@link FilterArgument} reads it.
  public static final Values FILTERS =
      Values.FILES.or(() -> with(List.of(RuntimeDefaultArgument.NAME, "unconfined", "pid:")));

  private FilterNames() {}

  private static List<String> with(List<String> words) {
    return Stream.concat(words.stream(), BuiltInDefaults.names().stream()).toList();
  }
}
