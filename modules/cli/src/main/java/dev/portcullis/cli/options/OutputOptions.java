package dev.portcullis.cli.options;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The form of what a verb prints, and the file that it goes to.
public final class OutputOptions {
  private static final Choice<OutputFormat> FORMAT =
      Choice.of("output", "output format", List.of(OutputFormat.values()), OutputOptions::word)
          .or('o')
          .usually("table");

  private static final Choice<OutputForm> FORM =
      Choice.of(
              "output",
              "output format; the last four are for tools that show findings at their lines",
              Stream.<OutputForm>concat(
                      Arrays.stream(OutputFormat.values()), Arrays.stream(FindingFormat.values()))
                  .toList(),
              form -> word((Enum<?>) form))
          .or('o')
          .usually("table");

  public static final Option OUTPUT = FORMAT.option();

  /// For verbs that find mistakes in files.
  public static final Option FINDING_OUTPUT = FORM.option();

  public static final Option FILE =
      Option.value("output-file", "FILE", "write to this file (default: standard output)");

  public static final Option OVERWRITE = Option.flag("overwrite", "replace an existing file");

  /// For the grammar of a verb that makes a file.
  public static final List<Option> NEW_FILE = List.of(FILE, OVERWRITE);

  private OutputOptions() {}

  private static String word(Enum<?> form) {
    return form.name().toLowerCase(Locale.ROOT);
  }

  /// The value of {@link #OUTPUT}.
  static OutputFormat read(Arguments arguments) throws UsageException {
    return FORMAT.read(arguments);
  }

  /// The value of {@link #FINDING_OUTPUT}.
  static OutputForm readFinding(Arguments arguments) throws UsageException {
    return FORM.read(arguments);
  }
}
