package dev.portcullis.cli.result;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Table;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.expectation.CaseResult;
import dev.portcullis.pods.expectation.PolicyCase;
import java.util.ArrayList;
import java.util.List;

/// Which cases policies pass.
///
/// @param errors why no case was tried: half a table would pass without the others
public record PolicyTestReport(List<Line> lines, List<Diagnostic> errors) implements FindingReport {
  /// The id of a case that fails.
  static final String RULE = "expectation-failed";

  public PolicyTestReport {
    lines = List.copyOf(lines);
    errors = List.copyOf(errors);
  }

  /// A case of a file, and its result.
  public record Line(String file, CaseResult result) {
    String place() {
      return Diagnostic.place(file, result.policyCase().field().at());
    }
  }

  /// How many fail.
  public long failed() {
    return lines.stream().filter(line -> !line.result.passed()).count();
  }

  @Override
  public void table(Terminal terminal) {
    Table table = new Table("CASE", "POD", "USER", "EXPECTED", "RESULT");
    for (Line line : lines) {
      PolicyCase each = line.result.policyCase();
      table.row(
          Table.Cell.of(each.label()),
          Table.Cell.of(PodReport.label(line.result.judgement())),
          Table.Cell.of(each.user()),
          Table.Cell.of(each.expected().text()),
          line.result.passed()
              ? new Table.Cell("pass", Paint.GOOD)
              : new Table.Cell("FAIL", Paint.BAD));
    }
    table.print(terminal);
    for (Line line : lines) {
      for (CaseResult.Mismatch mismatch : line.result.mismatches()) {
        Paragraph.on(terminal)
            .say(
                Paint.BAD,
                "failed:",
                Diagnostic.place(line.file, mismatch.field().at())
                    + ": "
                    + line.result.policyCase().label()
                    + ": "
                    + mismatch.text());
      }
    }
    terminal
        .out()
        .println(
            Plural.of(lines.size(), "case")
                + ": "
                + (lines.size() - failed())
                + " passed, "
                + failed()
                + " failed");
  }

  @Override
  public Mapping document() {
    return new MappingBuilder()
        .put("cases", lines.stream().map(PolicyTestReport::json).toList())
        .put("errors", ErrorsJson.of(errors))
        .put(
            "summary",
            new MappingBuilder().put("cases", lines.size()).put("failed", failed()).build())
        .build();
  }

  private static Mapping json(Line line) {
    PolicyCase each = line.result.policyCase();
    return new MappingBuilder()
        .put("name", each.label())
        .put("source", line.file)
        .put("line", each.field().at().line())
        .put("pod", PodReport.label(line.result.judgement()))
        .put("user", each.user())
        .put(
            "groups",
            each.groups().stream().map(group -> new Value.Text(Position.NONE, group)).toList())
        .put("expected", each.expected().text())
        .put("passed", line.result.passed())
        .put(
            "mismatches",
            line.result.mismatches().stream()
                .map(mismatch ->
                    new MappingBuilder()
                        .put("field", mismatch.field().text())
                        .put("line", mismatch.field().at().line())
                        .put("message", mismatch.text())
                        .build())
                .toList())
        .build();
  }

  @Override
  public FindingSet findings() {
    List<FindingSet.Subject> subjects = new ArrayList<>();
    List<FindingSet.Entry> findings = new ArrayList<>();
    for (Line line : lines) {
      FindingSet.Subject subject =
          new FindingSet.Subject(line.file, line.result.policyCase().label());
      subjects.add(subject);
      for (CaseResult.Mismatch mismatch : line.result.mismatches()) {
        findings.add(
            new FindingSet.Entry(
                subject, RULE, FindingSet.Level.ERROR, mismatch.field().at(), mismatch.text()));
      }
    }
    return new FindingSet("policy test", subjects, findings, errors);
  }
}
