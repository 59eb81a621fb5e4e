package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CommandCompiler;
import dev.portcullis.cli.input.ComposedInput;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.FilterNames;
import dev.portcullis.cli.input.ProfileSource;
import dev.portcullis.cli.input.RecordingFiles;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.NewFile;
import dev.portcullis.seccomp.compose.NamedProfile;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.optimise.CallWeights;
import dev.portcullis.seccomp.optimise.FilterCost;
import dev.portcullis.seccomp.optimise.Optimiser;
import dev.portcullis.seccomp.optimise.Optimiser.Optimisation;
import dev.portcullis.seccomp.recording.Recording;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// `portcullis profile optimise`
final class ProfileOptimiseCommand {
  private static final Option RECORDING =
      Option.values(
              "recording",
              "FILE",
              "how often calls are made, as profile record wrote it; may be repeated (default: each"
                  + " call once)")
          .taking(Values.FILES);

  static final Verb VERB =
      new Verb(
          "profile optimise",
          new Help(
              "write an equal profile whose filter runs fewer instructions",
              List.of("FILE|runtime/default [--recording FILE] [--output-file FILE]"),
              "Rewrites the rules with conditions, and keeps what is cheaper and proven to do the "
                  + "same with every call. If nothing is cheaper, reports this and writes nothing.",
              List.of(
                  new Help.Example("profile optimise podman/default", "to standard output"),
                  new Help.Example(
                      "profile optimise web.json --recording web.recording.json --output-file"
                          + " fast.json",
                      "for what was recorded, to a file")),
              Map.of(
                  ExitCode.OK,
                  "the profile is written, or none is cheaper",
                  ExitCode.REFUSED,
                  "the profile has no filter, or a file is wrong"),
              "compose.md"),
          Grammar.of(
                  Stream.of(
                          List.of(RECORDING),
                          OutputOptions.NEW_FILE,
                          FilterOptions.ALL,
                          RuntimeOptions.ALL)
                      .flatMap(List::stream)
                      .toList())
              .taking(Operands.of(FilterNames.PROFILES)),
          ProfileOptimiseCommand::run);

  private ProfileOptimiseCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    arguments.requireOperands(1, "profile optimise needs a profile: profile optimise FILE");
    NewFile file = NewFile.of(arguments);
    ProfileSource source = ProfileSource.of(arguments, arguments.operands(), terminal.in());
    Reporter reporter = new Reporter(terminal);
    ComposedInput input = ComposedInput.read(arguments.operands(), source);
    RecordingFiles recordings = RecordingFiles.read(arguments.values(RECORDING), terminal.in());
    reporter.complain(input.complaints());
    reporter.complain(recordings.complaints());
    input.notes().forEach(reporter::note);
    if (reporter.code() != ExitCode.OK) {
      return reporter.code();
    }
    NamedProfile origin = input.profiles().getFirst();
    SyscallTable table = SyscallTable.ofThisMachine();
    Optimiser optimiser =
        new Optimiser(
            CommandCompiler.get(),
            table,
            source.target().architecture(),
            FilterOptions.dialect(arguments));
    CallWeights weights =
        recordings.recordings().isEmpty()
            ? CallWeights.alike(optimiser.machine(), table)
            : CallWeights.of(Recording.merge(recordings.recordings()));
    switch (optimiser.of(origin, weights)) {
      case Optimisation.Cheaper cheaper -> {
        reporter.note(
            "proven for each OCI runtime: the optimised profile does the same as "
                + origin.name()
                + " with every call");
        new TreeMap<>(cheaper.rules())
            .forEach((name, rules) ->
                reporter.note(name + ": " + rules.getFirst() + " rules become " + rules.getLast()));
        reporter.note(
            "from " + words(cheaper.before(), weights) + " to " + words(cheaper.after(), weights));
        file.write(ProfileWriter.write(cheaper.profile()), terminal);
      }
      case Optimisation.NoneCheaper(FilterCost cost) ->
          reporter.note(
              "nothing that was tried is cheaper than "
                  + origin.name()
                  + ", which has "
                  + words(cost, weights)
                  + "; nothing is written");
      case Optimisation.NotTried(FilterCost cost, int calls) ->
          reporter.note(
              "nothing was tried: "
                  + origin.name()
                  + " has conditions on "
                  + calls
                  + " calls, and at most "
                  + Optimiser.MOST_CALLS
                  + " are rewritten; it has "
                  + words(cost, weights)
                  + ", and nothing is written");
      case Optimisation.Unknown(String reason, boolean unavailable) ->
          reporter.complain(
              List.of(new Diagnostic(reason, unavailable ? ExitCode.WORLD : ExitCode.REFUSED)));
    }
    return reporter.code();
  }

  private static String words(FilterCost cost, CallWeights weights) {
    return String.format(
        Locale.ROOT,
        "%.2f instructions for a call on average (%d in all)",
        cost.steps() / Math.max(1, weights.sum()),
        cost.instructions());
  }
}
