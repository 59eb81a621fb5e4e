package dev.portcullis.cli.options;

/// The form of objects that a verb makes for a cluster.
public enum ManifestFormat {
  /// With comments, for people.
  YAML,
  /// One document, for programs.
  JSON;

  public static final Option OPTION =
      Option.value("output", "yaml|json", "output format").or('o').usually("yaml");

  /// The value of {@link #OPTION}.
  public static ManifestFormat of(Arguments arguments) throws UsageException {
    String value = arguments.text(OPTION);
    return switch (value) {
      case "yaml" -> YAML;
      case "json" -> JSON;
      default ->
          throw new UsageException(
              "--output: \"" + value + "\" is not an output format; use yaml or json");
    };
  }
}
