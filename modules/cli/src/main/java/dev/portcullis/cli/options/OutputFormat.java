package dev.portcullis.cli.options;

/// The form of what every verb can print.
public enum OutputFormat implements OutputForm {
  /// For people, no wider than the terminal.
  TABLE,

  /// The same with lines of any length.
  WIDE,

  /// For programs: one document, and nothing else on standard output.
  JSON,

  /// The same document.
  YAML;

  /// Whether it is for people.
  public boolean forPeople() {
    return switch (this) {
      case TABLE, WIDE -> true;
      case JSON, YAML -> false;
    };
  }
}
