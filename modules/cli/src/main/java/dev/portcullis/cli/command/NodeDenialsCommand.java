package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.AgentDenials;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.NodePodOptions;
import dev.portcullis.cli.options.NodeRunOptions;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.NodeDenialsReport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// `portcullis node denials`
final class NodeDenialsCommand {
  static final Verb VERB =
      new Verb(
          "node denials",
          new Help(
              "show which system calls seccomp refuses to the containers of this node, or logs",
              List.of("[options]"),
              "Shows what the agent, portcullis node --denials, has counted for the containers that"
                  + " run, since each was first seen. It needs root.",
              List.of(
                  new Help.Example("node denials", "of all containers of this node"),
                  new Help.Example(
                      "node denials --pod shop/web -o json", "of a pod, for profile heal")),
              Map.of(
                  ExitCode.OK,
                  "nothing was refused or logged",
                  ExitCode.REFUSED,
                  "something was, or it is not certain"),
              "denials.md"),
          Grammar.of(
              Stream.concat(NodePodOptions.all().stream(), Stream.of(OutputOptions.OUTPUT))
                  .toList()),
          NodeDenialsCommand::run);

  private NodeDenialsCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    arguments.requireNoOperands();
    NodePodOptions asked = NodePodOptions.of(arguments);
    AgentDenials agent = AgentDenials.read(NodeRunOptions.denials(arguments));
    Reporter reporter = new Reporter(terminal);
    NodeDenialsReport report = NodeDenialsReport.of(agent.document(), asked);
    report.print(arguments.output(), terminal);
    if (agent.isStale()) {
      reporter.warn("this is " + agent.staleness());
      reporter.worsen(ExitCode.REFUSED);
    }
    if (asked.pod() != null && !report.isWatched()) {
      reporter.warn(
          asked.unwatched()
              + ": it does not run on this node, or only since a moment ago; crictl"
              + " pods lists those that do");
      reporter.worsen(ExitCode.REFUSED);
    }
    if (report.number("lost") > 0) {
      reporter.warn(
          "the kernel had no room for "
              + Plural.of(report.number("lost"), "event")
              + " or more; the counts are too low");
    }
    if (report.number("undecided") > 0) {
      reporter.note(
          Plural.of(report.number("undecided"), "call")
              + " failed as if refused, and may also have begun before the agent looked or before"
              + " events were lost, or have been refused by a filter that the program gave itself;"
              + " not counted");
    }
    if (report.number("omitted") > 0) {
      reporter.warn(
          Plural.of(report.number("omitted"), "refused or logged call")
              + " not listed: of too many kinds, or of processes that ended too soon to tell their"
              + " container");
    }
    report.remarks().forEach(reporter::warn);
    if (!report.isClean()) {
      reporter.worsen(ExitCode.REFUSED);
    }
    return reporter.code();
  }
}
