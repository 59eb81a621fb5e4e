package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.input.ManifestFiles;
import dev.portcullis.cli.input.PreparedJudge;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.JudgeOptions;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.PodJson;
import dev.portcullis.cli.result.PodReport;
import dev.portcullis.pods.decide.Judge;
import dev.portcullis.pods.spec.Pod;
import dev.portcullis.pods.spec.PodReader;
import java.io.IOException;
import java.util.ArrayList;
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
              "Decides as the webhook would: about pods, and about the pods that workloads would make. Without --policy or --cluster it says only whether the pods are valid. Nothing is asked of a cluster unless --cluster says so.",
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
    boolean table =
        switch (arguments.output()) {
          case TABLE -> true;
          case JSON -> false;
        };
    Reporter reporter = new Reporter(terminal);
    PreparedJudge made = PreparedJudge.read(arguments, terminal.in());
    reporter.complain(made.complaints());
    Judge judge = made.judge();
    if (judge == null) {
      return reporter.code();
    }
    ManifestFiles.Read read = ManifestFiles.read(arguments.operands(), terminal.in());
    reporter.complain(read.complaints());
    List<JudgedPod> pods = new ArrayList<>();
    int others = read.foreign();
    for (ManifestFiles.SourcedObject sourced : read.objects()) {
      Pod pod = PodReader.read(sourced.object());
      if (pod == null) {
        others++;
      } else {
        pods.add(new JudgedPod(sourced.file(), judge.judge(pod)));
      }
    }
    if (table) {
      report(pods, others, terminal);
    } else {
      terminal
          .out()
          .println(
              PodJson.document(pods.stream().map(pod -> PodJson.pod(pod, (_, _) -> {})).toList()));
    }
    made.notes().forEach(reporter::note);
    if (pods.isEmpty() && read.complaints().isEmpty()) {
      reporter.complain(
          List.of(
              new Diagnostic(
                  "no pod in " + String.join(", ", arguments.operands()), ExitCode.REFUSED)));
    }
    if (!pods.stream().allMatch(pod -> pod.judgement().admitted())) {
      reporter.worsen(ExitCode.REFUSED);
    }
    return reporter.code();
  }

  private static void report(List<JudgedPod> pods, int others, Terminal terminal) {
    if (!pods.isEmpty()) {
      PodReport.table(pods, terminal.out(), terminal.colour());
    }
    PodReport.refusals(pods, terminal.out(), terminal.colour());
    PodReport.warnings(pods, terminal.out(), terminal.colour());
    long refused = pods.stream().filter(pod -> !pod.judgement().admitted()).count();
    terminal
        .out()
        .println(
            Plural.of(pods.size(), "pod")
                + ": "
                + (pods.size() - refused)
                + " admitted, "
                + refused
                + " refused; "
                + Plural.of(others, "other object")
                + " passed over");
  }
}
