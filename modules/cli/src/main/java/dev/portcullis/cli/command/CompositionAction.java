package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CommandCompiler;
import dev.portcullis.cli.input.ComposedInput;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.FilterNames;
import dev.portcullis.cli.input.ProfileSource;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.CompositionReport;
import dev.portcullis.cli.result.NewFile;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.compose.Combination;
import dev.portcullis.seccomp.compose.Composer;
import dev.portcullis.seccomp.compose.Composition;
import dev.portcullis.seccomp.compose.NamedProfile;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Puts the profiles of the operands together: `profile intersect` and `profile union`.
record CompositionAction(Combination combination, String verb) {
  private static final Option APPROXIMATE =
      Option.flag(
          "approximate",
          "where no profile is exact: on the strict side for intersect, on the wide side for"
              + " union; the difference is shown");

  static final Grammar GRAMMAR =
      Grammar.of(
              Stream.of(
                      List.of(APPROXIMATE),
                      OutputOptions.NEW_FILE,
                      List.of(
                          FilterOptions.READ_AS,
                          FilterOptions.CAPABILITIES,
                          FilterOptions.PROVEN_FOR),
                      RuntimeOptions.ALL,
                      List.of(OutputOptions.OUTPUT))
                  .flatMap(List::stream)
                  .toList())
          .taking(new Operands(List.of(FilterNames.PROFILES, FilterNames.PROFILES), true, null));

  ExitCode run(Arguments arguments, Terminal terminal) throws UsageException, IOException {
    if (arguments.operands().size() < 2) {
      throw new UsageException(verb + " needs two profiles or more: " + verb + " A B");
    }
    OutputFormat format = arguments.output();
    NewFile file = NewFile.of(arguments);
    Set<Dialect> dialects = FilterOptions.dialects(arguments);
    boolean approximate = arguments.has(APPROXIMATE);
    ProfileSource source = ProfileSource.of(arguments, arguments.operands(), terminal.in());
    Reporter reporter = new Reporter(terminal);
    ComposedInput input = ComposedInput.read(arguments.operands(), source);
    reporter.complain(input.complaints());
    input.notes().forEach(reporter::note);
    if (reporter.code() != ExitCode.OK) {
      return reporter.code();
    }
    Composer composer =
        new Composer(
            CommandCompiler.get(),
            SyscallTable.ofThisMachine(),
            source.target().architecture(),
            dialects);
    switch (composer.compose(combination, input.profiles(), approximate)) {
      case Composition.Composed composed -> {
        CompositionReport report =
            new CompositionReport(
                combination,
                input.profiles().stream().map(NamedProfile::name).toList(),
                composed,
                composer.machine());
        if (format == OutputFormat.TABLE || format == OutputFormat.WIDE) {
          report.print(format, terminal.toError());
          file.write(ProfileWriter.write(composed.profile()), terminal);
        } else {
          if (file.path() != null) {
            file.write(ProfileWriter.write(composed.profile()), terminal);
          }
          report.print(format, terminal);
        }
      }
      case Composition.Refused refused ->
          reporter.complain(
              List.of(
                  new Diagnostic(refused.reason() + hint(refused, approximate), ExitCode.REFUSED)));
      case Composition.Undecided(String reason, boolean unavailable) ->
          reporter.complain(
              List.of(new Diagnostic(reason, unavailable ? ExitCode.WORLD : ExitCode.REFUSED)));
    }
    return reporter.code();
  }

  private String hint(Composition.Refused refused, boolean approximate) {
    if (!refused.canBeApproximated() || approximate) {
      return "";
    }
    return "; --approximate writes one that is "
        + (combination == Combination.INTERSECTION ? "stricter" : "wider")
        + " there, and shows where";
  }
}
