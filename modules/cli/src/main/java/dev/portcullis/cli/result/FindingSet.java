package dev.portcullis.cli.result;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.documents.Position;
import java.util.List;
import java.util.Map;

/// What a verb found in files.
///
/// @param verb that looked
/// @param subjects what was looked at, with findings or without
/// @param findings in the order of the files
/// @param errors why something was not looked at
/// @param rules what is known of a rule beside its id, by the id
public record FindingSet(
    String verb,
    List<Subject> subjects,
    List<Entry> findings,
    List<Diagnostic> errors,
    Map<String, Rule> rules) {
  public FindingSet {
    subjects = List.copyOf(subjects);
    rules = Map.copyOf(rules);
    findings = List.copyOf(findings);
    errors = List.copyOf(errors);
  }

  /// Findings whose rules are known by their ids alone.
  public FindingSet(
      String verb, List<Subject> subjects, List<Entry> findings, List<Diagnostic> errors) {
    this(verb, subjects, findings, errors, Map.of());
  }

  /// What a rule is about.
  ///
  /// @param address of a page about it; empty where there is none
  public record Rule(String title, String description, String address) {}

  /// What is judged as one: a pod, or a profile.
  ///
  /// @param file `-` for standard input; empty where it is in none
  /// @param name empty where the file has one subject only
  /// @param inFile false where `file` is a word for a cluster
  public record Subject(String file, String name, boolean inFile) {
    /// One in a file.
    public Subject(String file, String name) {
      this(file, name, true);
    }
  }

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
