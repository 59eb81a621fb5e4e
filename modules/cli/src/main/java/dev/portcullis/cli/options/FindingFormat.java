package dev.portcullis.cli.options;

/// The form of what a verb prints that finds mistakes in files, for the tools that show them.
public enum FindingFormat implements OutputForm {
  /// The Static Analysis Results Interchange Format, version 2.1.0 of OASIS: one JSON document.
  SARIF,

  /// The XML that test runners write and build servers read.
  JUNIT,

  /// Workflow commands of GitHub Actions, by which messages stand at their lines.
  GITHUB,

  /// A Code Quality report of GitLab: a JSON array.
  GITLAB
}
