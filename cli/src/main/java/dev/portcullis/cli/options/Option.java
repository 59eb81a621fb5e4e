package dev.portcullis.cli.options;

import org.jspecify.annotations.Nullable;

/// An option, as a verb takes it and its help shows it.
///
/// @param name the long name, without the hyphens
/// @param letter the short name; 0 where it has none
/// @param argument what its value is called in the help; null where it takes none
/// @param repeatable whether it may stand several times
/// @param help half a sentence
public record Option(
    String name, char letter, @Nullable String argument, boolean repeatable, String help) {
  static final char NO_LETTER = 0;

  /// An option that is there or not.
  public static Option flag(String name, String help) {
    return new Option(name, NO_LETTER, null, false, help);
  }

  /// An option with a value.
  public static Option value(String name, String argument, String help) {
    return new Option(name, NO_LETTER, argument, false, help);
  }

  /// An option with a value that may be given several times.
  public static Option values(String name, String argument, String help) {
    return new Option(name, NO_LETTER, argument, true, help);
  }

  /// The same option with a short name.
  public Option or(char shortName) {
    return new Option(name, shortName, argument, repeatable, help);
  }
}
