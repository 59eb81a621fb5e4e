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
import dev.portcullis.cli.result.AbilityAnswers;
import dev.portcullis.cli.result.ShowReport;
import dev.portcullis.profiles.exposure.Abilities;
import dev.portcullis.profiles.exposure.AbilityAnalysis;
import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.effect.Cost;
import dev.portcullis.seccomp.effect.Effects;
import dev.portcullis.seccomp.meaning.Analysis;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.syscall.SyscallGroups;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `portcullis profile show`
final class ProfileShowCommand {
  static final Verb VERB =
      new Verb(
          "profile show",
          new Help(
              "show what a filter allows and denies, and its cost",
              List.of("X [options]"),
              "X is the FILE of a profile, unconfined, runtime/default (the runtime is "
                  + "asked for it), a built-in default such as containerd/default@2.3 or pid:N "
                  + "(the filters of a living process; needs root). The output describes the filter, not the text of the profile.",
              List.of(
                  new Help.Example(
                      "profile show examples/profiles/browser-sandbox.json",
                      "what the filter of a profile does"),
                  new Help.Example(
                      "profile show --arch x86_64 docker/default",
                      "what Docker's newest default does; without Docker"),
                  new Help.Example(
                      "profile show -o json unconfined", "the same for no filter, for a program")),
              Map.of(
                  ExitCode.OK,
                  "shown",
                  ExitCode.REFUSED,
                  "the profile is wrong, or its filter cannot be understood"),
              "show.md"),
          Grammar.of(
                  FilterOptions.ofOperands(
                      "show these architectures call by call (default: this machine's)"),
                  OutputOptions.OUTPUT)
              .taking(Operands.of(FilterNames.FILTERS)),
          ProfileShowCommand::run);

  private ProfileShowCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    arguments.requireOperands(1, "profile show needs one filter: profile show X");
    OutputFormat format = arguments.output();
    Set<Architecture> asked = FilterOptions.architectures(arguments);
    FilterSource source = FilterSource.of(arguments, terminal.in());
    FilterArgument argument = FilterArgument.read(arguments.operands().getFirst(), source);
    Reporter reporter = new Reporter(terminal);
    reporter.complain(argument.complaints());
    Filters filters = argument.filters();
    if (filters == null) {
      return reporter.code();
    }
    SyscallTable names = SyscallTable.ofThisMachine();
    Set<Architecture> all = new LinkedHashSet<>(asked);
    if (asked.isEmpty()) {
      all.add(source.target().architecture());
      all.addAll(Effects.USUAL);
    }
    switch (Content.of(filters, all, names)) {
      case Analysis.Undecided(String reason) ->
          reporter.complain(
              List.of(new Diagnostic(argument.text() + ": " + reason, ExitCode.REFUSED)));
      case Analysis.Understood(Content content) -> {
        // For architectures that were not asked for, a summary is enough.
        int whole = asked.isEmpty() ? 1 : asked.size();
        new ShowReport(
                argument.text(),
                filters.newestFirst().size(),
                content.answers(),
                content.effects(),
                Cost.of(filters, all, names),
                SyscallGroups.load(),
                whole)
            .print(format, terminal);
      }
    }
    argument.notes().forEach(reporter::note);
    return reporter.code();
  }

  /// What is shown of filters.
  private record Content(Effects effects, AbilityAnswers answers) {
    /// Where the questions are too much for what the filters are, these are understood without
    /// them.
    static Analysis<Content> of(Filters filters, Set<Architecture> all, SyscallTable names) {
      Analysis<Content> both =
          FilterSemantics.ask(
              List.of(filters),
              meanings -> {
                FilterSemantics meaning = meanings.getFirst();
                return new Content(
                    Effects.of(meaning, all, names),
                    new AbilityAnswers(
                        AbilityAnalysis.of(filters, meaning, Abilities.load(), all, names), ""));
              });
      return switch (both) {
        case Analysis.Understood<Content> _ -> both;
        case Analysis.Undecided(String reason) ->
            switch (Effects.of(filters, all, names)) {
              case Analysis.Understood(Effects effects) ->
                  new Analysis.Understood<>(
                      new Content(effects, new AbilityAnswers(Map.of(), reason)));
              case Analysis.Undecided(String why) -> new Analysis.Undecided<>(why);
            };
      };
    }
  }
}
