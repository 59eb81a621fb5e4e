package dev.portcullis.cli.options;

import java.util.List;

/// Whether what is printed is coloured. Every verb has it.
public enum ColourOption {
  /// Where it goes to a terminal, and neither `NO_COLOR` nor `TERM=dumb` says otherwise.
  AUTO,
  ALWAYS,
  NEVER;

  public static final Option OPTION =
      Option.value("color", "auto|always|never", "whether output is coloured").usually("auto");

  private static final List<String> WORDS = List.of("auto", "always", "never");

  /// What {@link #OPTION} says.
  public static ColourOption read(Arguments arguments) throws UsageException {
    String value = arguments.text(OPTION);
    int at = WORDS.indexOf(value);
    if (at < 0) {
      throw new UsageException(
          OPTION.text()
              + ": \""
              + value
              + "\" is not known; use auto, always or never"
              + NearestOption.hint(value, "", WORDS));
    }
    return values()[at];
  }
}
