package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.JudgedPods;
import dev.portcullis.cli.input.PreparedJudge;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.JudgeOptions;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.DecisionReport;
import dev.portcullis.pods.decide.Judge;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// `portcullis check`
final class CheckCommand {
  static final Verb VERB =
      new Verb(
          "check",
          new Help(
              "say which pods would be admitted, with which profiles",
              List.of("FILE|DIR|-... [options]"),
              "Decides as the webhook would: about pods, and about the pods that workloads "
                  + "would make. Without --policy or --cluster it says only whether the pods are "
                  + "valid. Nothing is asked of a cluster unless --cluster says so.",
              List.of(
                  new Help.Example(
                      "check examples/", "which pods are valid, and the profile of each container"),
                  new Help.Example(
                      "check --policy examples/policies --as ann --as-group developers examples/",
                      "which pods ann might create"),
                  new Help.Example(
                      "check -o json examples/explorer.yaml", "the same for a program")),
              Map.of(
                  ExitCode.OK,
                  "every pod is admitted",
                  ExitCode.REFUSED,
                  "a pod is refused, there is none, or a file is wrong"),
              "policy.md"),
          Grammar.of(JudgeOptions.ALL, OutputOptions.OUTPUT),
          CheckCommand::run);

  private CheckCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    arguments.requireOperands("check needs a file, a directory, or - for standard input");
    OutputFormat format = arguments.output();
    Reporter reporter = new Reporter(terminal);
    PreparedJudge made = PreparedJudge.read(arguments, terminal.in());
    reporter.complain(made.complaints());
    Judge judge = made.judge();
    if (judge == null) {
      return reporter.code();
    }
    JudgedPods judged = JudgedPods.read(arguments.operands(), terminal.in(), judge);
    reporter.complain(judged.complaints());
    new DecisionReport(judged.pods(), judged.others().size() + judged.foreign())
        .print(format, terminal);
    made.notes().forEach(reporter::note);
    if (judged.pods().isEmpty() && judged.complaints().isEmpty()) {
      reporter.complain(List.of(JudgedPods.none(arguments.operands())));
    }
    if (!judged.allAdmitted()) {
      reporter.worsen(ExitCode.REFUSED);
    }
    return reporter.code();
  }
}
