package dev.portcullis.cli.options;

import org.jspecify.annotations.Nullable;

/// An option, as a verb takes it and its help shows it.
///
/// @param name the long name, without the hyphens
/// @param letter the short name; 0 where it has none
/// @param argument what its value is called in the help; null where it takes none
/// @param repeatable whether it may stand several times
/// @param help half a sentence; a default that is not one value is given here
/// @param usual the value where none is given; null where there is no such value
/// @param values what its value may be; of no use where it takes none
public record Option(
    String name,
    char letter,
    @Nullable String argument,
    boolean repeatable,
    String help,
    @Nullable String usual,
    Values values) {
  static final char NO_LETTER = 0;

  /// An option that is there or not.
  public static Option flag(String name, String help) {
    return new Option(name, NO_LETTER, null, false, help, null, Values.TEXT);
  }

  /// An option with a value.
  public static Option value(String name, String argument, String help) {
    return new Option(name, NO_LETTER, argument, false, help, null, Values.of(argument));
  }

  /// An option with a value that may be given several times.
  public static Option values(String name, String argument, String help) {
    return new Option(name, NO_LETTER, argument, true, help, null, Values.of(argument));
  }

  /// The same option with a short name.
  public Option or(char shortName) {
    return new Option(name, shortName, argument, repeatable, help, usual, values);
  }

  /// The same option, which has this value where none is given.
  public Option usually(String value) {
    return new Option(name, letter, argument, repeatable, help, value, values);
  }

  /// The same option, which means something else to a verb.
  public Option meaning(String otherHelp) {
    return new Option(name, letter, argument, repeatable, otherHelp, usual, values);
  }

  /// The same option, which takes these values.
  public Option taking(Values others) {
    return new Option(name, letter, argument, repeatable, help, usual, others);
  }

  /// As the help lists it: `-o, --output table|json`.
  public String term() {
    return (hasLetter() ? "-" + letter + ", " : "")
        + text()
        + (argument == null ? "" : " " + argument);
  }

  /// What it means, and the value where none is given.
  public String meaning() {
    return help + (usual == null ? "" : " (default: " + usual + ")");
  }

  public boolean hasLetter() {
    return letter != NO_LETTER;
  }

  /// As it stands on the command line: `--name`.
  public String text() {
    return "--" + name;
  }
}
