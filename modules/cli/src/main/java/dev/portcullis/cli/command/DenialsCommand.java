package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.OpenProcess;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.PodOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.DenialsReport;
import dev.portcullis.cli.running.ShutdownHook;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// `portcullis denials`
final class DenialsCommand {
  private static final Option FOR =
      Option.value(
          "for",
          "DURATION",
          "watch for this time, such as 30s (default: until it ends, or Ctrl-C)");
  private static final Option FOLLOW =
      Option.flag(
          "follow",
          "show each kind of refused or logged call when it first occurs, and then how often");

  static final Verb VERB =
      new Verb(
          "denials",
          new Help(
              "show which system calls of a process its filter refuses or logs",
              List.of("PID|pod/NAME [--for DURATION] [--follow] [-o table|json]"),
              "Watches a process and what it starts, and counts each call that seccomp refuses, "
                  + "even if nothing logs it, or lets go on and logs (SCMP_ACT_LOG), with what "
                  + "would allow it. The process and its "
                  + "profile stay as they are. The process of a container can be named by its pod, "
                  + "on the pod's node. It needs root, and no cluster.",
              List.of(
                  new Help.Example(
                      "denials pid:1234 --for 30s", "what is refused within half a minute"),
                  new Help.Example(
                      "denials pod/web -n shop -c app --follow",
                      "a container of a pod on this node, as it happens"),
                  new Help.Example(
                      "denials pid:1234 --for 30s -o json",
                      "the same as the first, for a program")),
              Map.of(
                  ExitCode.OK, "nothing was refused or logged",
                  ExitCode.REFUSED, "something was, or it is not certain"),
              "denials.md"),
          Grammar.of(
                  PodOptions.ALL, FOR, FOLLOW, RuntimeOptions.USUAL_ENDPOINT, OutputOptions.OUTPUT)
              .taking(Operands.of(Values.TEXT.or(() -> List.of("pid:", "pod/")))),
          DenialsCommand::run);

  private DenialsCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    arguments.requireOperands(1, "denials needs a process or a pod: denials pid:1234");
    OutputFormat format = arguments.output();
    Duration longest = arguments.duration(FOR);
    boolean follow = arguments.has(FOLLOW);
    if (follow && !format.forPeople()) {
      throw new UsageException(
          FOLLOW.text() + " is for people; the document of -o comes whole, at the end");
    }
    Reporter reporter = new Reporter(terminal);
    try (ShutdownHook _ = ShutdownHook.interruptsThisThread(terminal.out());
        OpenProcess subject = OpenProcess.of(arguments.operands().getFirst(), arguments);
        DenialSession session = DenialSession.begin(subject, reporter, terminal, follow)) {
      session.watch(longest);
      DenialsReport report = session.report();
      report.print(format, terminal);
      session.conclude(report);
      return reporter.code();
    }
  }
}
