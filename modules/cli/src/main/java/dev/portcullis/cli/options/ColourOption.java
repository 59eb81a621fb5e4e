package dev.portcullis.cli.options;

import java.util.List;
import java.util.Locale;

/// Whether what is printed is coloured. Every verb has it.
public enum ColourOption {
  /// Where it goes to a terminal, and neither `NO_COLOR` nor `TERM=dumb` says otherwise.
  AUTO,
  ALWAYS,
  NEVER;

  private static final Choice<ColourOption> CHOICE =
      Choice.of(
              "color",
              "whether output is coloured",
              List.of(values()),
              each -> each.name().toLowerCase(Locale.ROOT))
          .usually("auto");

  public static final Option OPTION = CHOICE.option();

  /// The value of {@link #OPTION}.
  public static ColourOption read(Arguments arguments) throws UsageException {
    return CHOICE.read(arguments);
  }
}
