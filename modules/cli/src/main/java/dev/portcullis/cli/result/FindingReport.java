package dev.portcullis.cli.result;

import dev.portcullis.cli.options.FindingFormat;
import dev.portcullis.cli.options.OutputForm;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.JsonWriter;

/// A result that has findings in files.
public interface FindingReport extends Report {
  /// The findings, for the tools that show them.
  FindingSet findings();

  /// Prints it in one of the forms.
  default void print(OutputForm form, Terminal terminal) {
    switch (form) {
      case OutputFormat common -> print(common, terminal);
      case FindingFormat.SARIF ->
          terminal.out().println(JsonWriter.pretty(new SarifLog(findings()).document()));
      case FindingFormat.JUNIT -> terminal.out().print(new JunitReport(findings()).xml());
      case FindingFormat.GITHUB ->
          new GithubCommands(findings()).lines().forEach(terminal.out()::println);
      case FindingFormat.GITLAB ->
          terminal.out().println(JsonWriter.pretty(new GitlabReport(findings()).document()));
    }
  }
}
