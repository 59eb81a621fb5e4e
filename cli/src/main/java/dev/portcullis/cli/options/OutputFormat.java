package dev.portcullis.cli.options;

/// The form of what a verb prints.
public enum OutputFormat {
  /// For people.
  TABLE,

  /// For programs: one document, and nothing else on standard output.
  JSON
}
