package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CommandCompiler;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.FilterArgument;
import dev.portcullis.cli.input.FilterNames;
import dev.portcullis.cli.input.FilterSource;
import dev.portcullis.cli.input.OpenProcess;
import dev.portcullis.cli.input.ProfileSource;
import dev.portcullis.cli.input.RuntimeQuestion;
import dev.portcullis.cli.input.StandardInput;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
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
import dev.portcullis.cli.result.VerificationReport;
import dev.portcullis.container.proof.Expectation;
import dev.portcullis.container.proof.Proof;
import dev.portcullis.container.proof.Prover;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.kernel.process.LiveProcess;
import dev.portcullis.kernel.process.SeccompState;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compile.Compiler;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.meaning.Bounds;
import dev.portcullis.seccomp.resolve.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `portcullis verify`
final class VerifyCommand {
  private static final Option PROFILE =
      Option.value(
              "profile", "X", "a FILE, runtime/default, unconfined, or another pid:N (required)")
          .taking(FilterNames.FILTERS);

  static final Verb VERB =
      new Verb(
          "verify",
          new Help(
              "prove that a running process has the filter of a profile",
              List.of(
                  "PID|pod/NAME --profile FILE|runtime/default|unconfined|pid:N [-o table|json]"),
              "Compares the filters of a running process with that of a profile. The "
                  + "process of a container can be named by its pod, on the pod's node. It needs "
                  + "root.",
              List.of(
                  new Help.Example(
                      "verify pod/web -n shop -c app --profile runtime/default",
                      "whether a container of a pod on this node has the runtime's default"),
                  new Help.Example(
                      "verify pid:1234 --profile examples/profiles/browser-sandbox.json -o json",
                      "the filter of a file, for a program"),
                  new Help.Example(
                      "verify pid:1234 --profile pid:5678",
                      "whether two processes have the same filter")),
              Map.of(
                  ExitCode.OK,
                  "it runs the filter: proven",
                  ExitCode.REFUSED,
                  "it does not, only errnos differ, or it cannot be decided"),
              "verify.md"),
          Grammar.of(
                  PodOptions.ALL,
                  PROFILE,
                  FilterOptions.READ_AS,
                  FilterOptions.CAPABILITIES,
                  FilterOptions.OCI_RUNTIME,
                  RuntimeOptions.USUAL_ENDPOINT,
                  RuntimeOptions.HANDLER,
                  OutputOptions.OUTPUT)
              .taking(Operands.of(Values.TEXT.or(() -> List.of("pid:", "pod/")))),
          VerifyCommand::run);

  private VerifyCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    String profile = arguments.value(PROFILE);
    if (arguments.operands().size() != 1 || profile == null) {
      throw new UsageException(
          "verify needs a process or a pod, and a profile: verify pid:1234 --profile"
              + " runtime/default");
    }
    OutputFormat format = arguments.output();
    Reporter reporter = new Reporter(terminal);
    try (OpenProcess subject = OpenProcess.of(arguments.operands().getFirst(), arguments)) {
      LiveProcess process = subject.process();
      Target target = target(arguments, subject);
      Expectation expectation = expectation(profile, target, arguments, reporter, terminal);
      if (expectation == null) {
        return reporter.code();
      }
      Optional<Proof> proof =
          Prover.by(CommandCompiler.get(), Bounds.USUAL).prove(process, expectation);
      report(
          new VerificationReport(
              subject.text(),
              process.pid(),
              profile,
              unfiltered(process),
              proof.orElseThrow(subject::ended)),
          format,
          terminal,
          reporter);
    }
    return reporter.code();
  }

  private static void report(
      VerificationReport report, OutputFormat format, Terminal terminal, Reporter reporter) {
    report.print(format, terminal);
    switch (report.proof()) {
      case Proof.Proven _ -> {}
      case Proof.Equal _, Proof.Different _ -> reporter.worsen(ExitCode.REFUSED);
      case Proof.Unknown(String reason) ->
          reporter.complain(
              List.of(new Diagnostic(report.process() + ": " + reason, ExitCode.REFUSED)));
    }
  }

  /// Whether no thread has a filter. No thread can lose one: what has none now had none before.
  private static boolean unfiltered(LiveProcess process) throws IOException {
    return process.seccomp().map(state -> state.mode() == SeccompState.Mode.DISABLED).orElse(false)
        && process.filteredOtherwise().isEmpty();
  }

  /// The profile for a container with the capabilities that the process can have.
  private static Target target(Arguments arguments, OpenProcess subject)
      throws UsageException, IOException {
    return arguments.has(FilterOptions.CAPABILITIES)
        ? FilterOptions.target(arguments)
        : ThisMachine.ask(System.getProperty("os.arch"))
            .target(subject.process().boundingCapabilities().orElseThrow(subject::ended));
  }

  /// What each way of making a filter makes of the profile; null where it cannot be made.
  private static @Nullable Expectation expectation(
      String profile, Target target, Arguments arguments, Reporter reporter, Terminal terminal)
      throws UsageException, InterruptedException {
    Compiler compiler = CommandCompiler.get();
    ProfileSource source =
        new ProfileSource(
            FilterOptions.readingMode(arguments),
            target,
            RuntimeQuestion.ofThatRuntime(arguments),
            new StandardInput(terminal.in()));
    List<Dialect> dialects =
        arguments.has(FilterOptions.OCI_RUNTIME)
            ? List.of(FilterOptions.dialect(arguments))
            : List.of(Dialect.values());
    List<Filters> ways = new ArrayList<>();
    List<Diagnostic> complaints = List.of();
    List<String> notes = List.of();
    for (Dialect dialect : dialects) {
      FilterArgument argument =
          FilterArgument.read(profile, new FilterSource(source, compiler, dialect));
      Filters filters = argument.filters();
      if (filters == null) {
        complaints = argument.complaints();
      } else {
        ways.add(filters);
        notes = argument.notes();
      }
    }
    if (ways.isEmpty()) {
      reporter.complain(complaints);
      return null;
    }
    notes.forEach(reporter::note);
    return new Expectation.Known(ways);
  }
}
