package dev.portcullis.cli.options;

import java.util.List;

/// How much a verb prints for people. What it prints for programs is always everything.
public enum Verbosity {
  /// Only what is wrong.
  QUIET,
  USUAL,
  /// Each thing by itself, where otherwise equal ones are printed once, with a number.
  VERBOSE;

  private static final Option QUIET_OPTION =
      Option.flag("quiet", "print only what is wrong").or('q');

  private static final Option VERBOSE_OPTION =
      Option.flag("verbose", "print each finding by itself, where equal ones are counted").or('v');

  /// For the grammar of a verb.
  public static final List<Option> OPTIONS = List.of(QUIET_OPTION, VERBOSE_OPTION);

  /// The value of {@link #OPTIONS}.
  public static Verbosity read(Arguments arguments) throws UsageException {
    boolean quiet = arguments.has(QUIET_OPTION);
    boolean verbose = arguments.has(VERBOSE_OPTION);
    if (quiet && verbose) {
      throw new UsageException("--quiet and --verbose cannot be given together");
    }
    return quiet ? QUIET : verbose ? VERBOSE : USUAL;
  }
}
