package dev.portcullis.cli.result;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.documents.Position;
import java.util.List;

/// What a verb found in files.
///
/// @param verb that looked
/// @param subjects what was looked at, with findings or without
/// @param findings in the order of the files
/// @param errors why something was not looked at
public record FindingSet(
    String verb, List<Subject> subjects, List<Entry> findings, List<Diagnostic> errors) {
  public FindingSet {
    subjects = List.copyOf(subjects);
    findings = List.copyOf(findings);
    errors = List.copyOf(errors);
  }

  /// What is judged as one: a pod, or a profile.
  ///
  /// @param file `-` for standard input
  /// @param name empty where the file has one subject only
  public record Subject(String file, String name) {}

  /// A finding.
  ///
  /// @param rule the stable id of its kind
  /// @param at {@link Position#NONE} where it is about the subject as a whole
  /// @param message for people, on one line
  public record Entry(Subject subject, String rule, Level level, Position at, String message) {}

  /// How bad it is.
  public enum Level {
    /// The subject cannot be used, or is refused.
    ERROR,
    WARNING,
    NOTE
  }
}
