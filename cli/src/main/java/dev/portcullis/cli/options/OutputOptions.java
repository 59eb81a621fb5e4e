package dev.portcullis.cli.options;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The form of what a verb prints, and the file that it goes to.
public final class OutputOptions {
  public static final Option OUTPUT =
      Option.value("output", words(OutputFormat.values()), "output format")
          .or('o')
          .usually("table");

  /// For verbs that find mistakes in files.
  public static final Option FINDING_OUTPUT =
      Option.value(
              "output",
              words(OutputFormat.values()) + "|" + words(FindingFormat.values()),
              "output format; the last three are for tools that show findings at their lines")
          .or('o')
          .usually("table");

  public static final Option FILE =
      Option.value("file", "FILE", "write to this file (default: standard output)").or('f');

  public static final Option OVERWRITE = Option.flag("overwrite", "replace an existing file");

  /// For the grammar of a verb that makes a file.
  public static final List<Option> NEW_FILE = List.of(FILE, OVERWRITE);

  private OutputOptions() {}

  private static String words(Enum<?>[] forms) {
    return String.join("|", Arrays.stream(forms).map(OutputOptions::word).toList());
  }

  private static String word(Enum<?> form) {
    return form.name().toLowerCase(Locale.ROOT);
  }

  /// The value of {@link #OUTPUT}.
  static OutputFormat read(Arguments arguments) throws UsageException {
    return one(arguments, OUTPUT, Arrays.stream(OutputFormat.values()).toList());
  }

  /// The value of {@link #FINDING_OUTPUT}.
  static OutputForm readFinding(Arguments arguments) throws UsageException {
    List<OutputForm> forms =
        Stream.<OutputForm>concat(
                Arrays.stream(OutputFormat.values()), Arrays.stream(FindingFormat.values()))
            .toList();
    return one(arguments, FINDING_OUTPUT, forms);
  }

  private static <F extends OutputForm> F one(Arguments arguments, Option option, List<F> forms)
      throws UsageException {
    String value = arguments.text(option);
    List<String> words = forms.stream().map(form -> word((Enum<?>) form)).toList();
    int at = words.indexOf(value);
    if (at < 0) {
      throw new UsageException(
          option.text()
              + ": \""
              + value
              + "\" is not an output format; use "
              + String.join(", ", words.subList(0, words.size() - 1))
              + " or "
              + words.getLast()
              + NearestOption.hint(value, "", words));
    }
    return forms.get(at);
  }
}
