package dev.portcullis.cli.options;

import java.util.List;

/// The form of what a verb prints, and the file that it goes to.
public final class OutputOptions {
  public static final Option OUTPUT =
      Option.value("output", "table|json", "output format").or('o').usually("table");

  public static final Option FILE =
      Option.value("file", "FILE", "write to this file (default: standard output)").or('f');

  public static final Option OVERWRITE = Option.flag("overwrite", "replace an existing file");

  /// For the grammar of a verb that makes a file.
  public static final List<Option> NEW_FILE = List.of(FILE, OVERWRITE);

  private OutputOptions() {}
}
