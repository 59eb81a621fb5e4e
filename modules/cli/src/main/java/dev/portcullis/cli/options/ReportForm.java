package dev.portcullis.cli.options;

import java.util.List;
import java.util.Locale;

/// The form of a report.
public enum ReportForm {
  /// One page, for people.
  HTML,
  /// Text for a merge request or a wiki.
  MARKDOWN,
  /// One document, for programs.
  JSON,
  /// The same document.
  YAML,
  /// Objects of openreports.io, for the tools that collect them in a cluster.
  OPENREPORTS;

  private static final Choice<ReportForm> CHOICE =
      Choice.of(
              "output",
              "output format",
              List.of(values()),
              form -> form.name().toLowerCase(Locale.ROOT))
          .or('o')
          .usually("html");

  public static final Option OPTION = CHOICE.option();

  /// Whether it is for programs, which get it with its errors also where there is no pod.
  public boolean isDocument() {
    return this == JSON || this == YAML;
  }

  /// The value of {@link #OPTION}.
  public static ReportForm of(Arguments arguments) throws UsageException {
    return CHOICE.read(arguments);
  }
}
