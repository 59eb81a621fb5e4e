package dev.portcullis.cli.options;

import java.util.List;

/// How much a verb says to people. What it says to programs is always everything.
public enum Verbosity {
  /// Only what is wrong.
  QUIET,
  USUAL,
  /// Each thing by itself, where otherwise equal ones are told once, with a number.
  VERBOSE;

  private static final Option QUIET_OPTION =
      Option.flag("quiet", "print only what is wrong").or('q');

  private static final Option VERBOSE_OPTION =
      Option.flag("verbose", "print each finding by itself, where equal ones are counted").or('v');

  /// For the grammar of a verb.
  public static final List<Option> OPTIONS = List.of(QUIET_OPTION, VERBOSE_OPTION);

  /// What {@link #OPTIONS} say.
  public static Verbosity read(Arguments arguments) throws UsageException {
    boolean quiet = arguments.has(QUIET_OPTION);
    boolean verbose = arguments.has(VERBOSE_OPTION);
    if (quiet && verbose) {
      throw new UsageException("--quiet and --verbose cannot be given together");
    }
    return quiet ? QUIET : verbose ? VERBOSE : USUAL;
  }
}
