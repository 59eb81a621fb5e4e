package dev.portcullis.cli.options;

/// The form of what a verb prints, and the file that it goes to.
public final class OutputOptions {
  public static final Option OUTPUT =
      Option.value("output", "table|json", "form of the output").or('o').usually("table");

  public static final Option FILE =
      Option.value("file", "FILE", "write to this file (default: standard output)").or('f');

  public static final Option OVERWRITE =
      Option.flag("overwrite", "replace the file of --file where there is one");

  private OutputOptions() {}
}
