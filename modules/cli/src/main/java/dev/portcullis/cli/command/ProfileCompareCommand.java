package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.FilterArgument;
import dev.portcullis.cli.input.FilterNames;
import dev.portcullis.cli.input.FilterSource;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.ComparisonReport;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.compare.Beside;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `portcullis profile compare`
final class ProfileCompareCommand {
  static final Verb VERB =
      new Verb(
          "profile compare",
          new Help(
              "show which of two filters is stricter",
              List.of("A B [options]"),
              "A and B are each the FILE of a profile, unconfined, runtime/default (the "
                  + "runtime is asked for it), a built-in default such as containerd/default@2.3 "
                  + "or pid:N (the filters of a living process; needs root). Every call counts, with every argument; each difference comes with a "
                  + "call that shows it.",
              List.of(
                  new Help.Example(
                      "profile compare containerd/default@1.7 containerd/default@2.3",
                      "containerd's default before and now; without a runtime"),
                  new Help.Example(
                      "profile compare examples/profiles/browser-sandbox.json "
                          + "examples/profiles/example-explorer-profile --arch x86_64",
                      "two profiles, on one architecture"),
                  new Help.Example(
                      "profile compare examples/profiles/browser-sandbox.json runtime/default",
                      "a profile and containerd's default; as root")),
              Map.of(
                  ExitCode.OK,
                  "A is equal to B, or stricter",
                  ExitCode.REFUSED,
                  "A is weaker, or neither, or it cannot be decided"),
              "compare.md"),
          Grammar.of(
                  FilterOptions.ofOperands("compare only these architectures (default: all)"),
                  OutputOptions.OUTPUT)
              .taking(Operands.of(FilterNames.FILTERS, FilterNames.FILTERS)),
          ProfileCompareCommand::run);

  private ProfileCompareCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    arguments.requireOperands(2, "profile compare needs two filters: profile compare A B");
    OutputFormat format = arguments.output();
    Set<Architecture> architectures = FilterOptions.architectures(arguments);
    FilterSource source = FilterSource.of(arguments, terminal.in());
    Reporter reporter = new Reporter(terminal);
    FilterArgument a = FilterArgument.read(arguments.operands().getFirst(), source);
    FilterArgument b = FilterArgument.read(arguments.operands().getLast(), source);
    reporter.complain(a.complaints());
    reporter.complain(b.complaints());
    Filters first = a.filters();
    Filters second = b.filters();
    if (first == null || second == null) {
      return reporter.code();
    }
    switch (Comparison.of(first, second, architectures, SyscallTable.ofThisMachine())) {
      case Analysis.Undecided(String reason) ->
          reporter.complain(
              List.of(
                  new Diagnostic(a.text() + " and " + b.text() + ": " + reason, ExitCode.REFUSED)));
      case Analysis.Understood(Comparison filtersOnly) -> {
        Comparison compared = whole(filtersOnly, a, b, reporter);
        String machine =
            architectures.isEmpty()
                ? source.target().architecture().name().toLowerCase(Locale.ROOT)
                : "";
        Set<String> unfiltered =
            Stream.of(a, b)
                .filter(FilterArgument::unfiltered)
                .map(FilterArgument::text)
                .collect(Collectors.toUnmodifiableSet());
        new ComparisonReport(a.text(), b.text(), compared, machine, unfiltered)
            .print(format, terminal);
        if (!compared.relation().isNoWeaker()) {
          reporter.worsen(ExitCode.REFUSED);
        }
      }
    }
    a.notes().forEach(reporter::note);
    b.notes().forEach(reporter::note);
    return reporter.code();
  }

  /// With what decides beside the filters, where it is known of both.
  private static Comparison whole(
      Comparison compared, FilterArgument a, FilterArgument b, Reporter reporter) {
    Beside first = a.beside();
    Beside second = b.beside();
    if (first != null && second != null) {
      return compared.beside(first, second);
    }
    reporter.note(
        "a process cannot be asked for the listener and the flags of its filters; they were not"
            + " compared");
    return compared;
  }
}
