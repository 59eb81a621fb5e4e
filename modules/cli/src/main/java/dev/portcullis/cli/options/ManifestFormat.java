package dev.portcullis.cli.options;

import java.util.List;
import java.util.Locale;

/// The form of objects that a verb makes for a cluster.
public enum ManifestFormat {
  /// With comments, for people.
  YAML,
  /// One document, for programs.
  JSON;

  private static final Choice<ManifestFormat> CHOICE =
      Choice.of(
              "output",
              "output format",
              List.of(values()),
              format -> format.name().toLowerCase(Locale.ROOT))
          .or('o')
          .usually("yaml");

  public static final Option OPTION = CHOICE.option();

  /// The value of {@link #OPTION}.
  public static ManifestFormat of(Arguments arguments) throws UsageException {
    return CHOICE.read(arguments);
  }
}
