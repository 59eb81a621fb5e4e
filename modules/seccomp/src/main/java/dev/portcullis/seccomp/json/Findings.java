package dev.portcullis.seccomp.json;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.finding.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Collects findings, errors before warnings, and bounds what a hostile file costs: past the first
/// {@value #MOST} a message is not even made, unless it is the first about a problem: none hides
/// another.
final class Findings {
  private static final int MOST = 50;

  private final List<Finding> errors = new ArrayList<>();
  private int allErrors;
  private final List<Finding> warnings = new ArrayList<>();

  void add(Problem problem, Position at, Supplier<String> message) {
    boolean error = problem.severity() == Severity.ERROR;
    List<Finding> list = error ? errors : warnings;
    allErrors += error ? 1 : 0;
    if (list.size() < MOST || list.stream().noneMatch(each -> each.problem() == problem)) {
      list.add(new Finding(problem, at, message.get()));
    }
  }

  /// How many errors there were, kept or not.
  int errors() {
    return allErrors;
  }

  boolean hasErrors() {
    return !errors.isEmpty();
  }

  List<Finding> all() {
    List<Finding> all = new ArrayList<>(errors);
    all.addAll(warnings);
    return all;
  }
}
