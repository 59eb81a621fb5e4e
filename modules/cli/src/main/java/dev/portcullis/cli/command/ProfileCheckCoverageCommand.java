package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.FilterNames;
import dev.portcullis.cli.input.ProfileOperand;
import dev.portcullis.cli.input.ProfileSource;
import dev.portcullis.cli.input.RecordingFiles;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.CoverageReport;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.recording.ProfileCoverage;
import dev.portcullis.seccomp.resolve.Resolver;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// `portcullis profile check-coverage`
final class ProfileCheckCoverageCommand {
  static final Verb VERB =
      new Verb(
          "profile check-coverage",
          new Help(
              "show what of a profile a recording never used",
              List.of("RECORDING PROFILE [options]"),
              "RECORDING is a file that profile record or profile merge wrote beside a profile. "
                  + "PROFILE is the FILE of a profile, runtime/default or a built-in default such "
                  + "as containerd/default@2.3. Lists the calls that the profile allows and the "
                  + "recording does not have, and those that it has and the profile does not allow.",
              List.of(
                  new Help.Example(
                      "profile check-coverage web.recording.json containerd/default",
                      "what containerd's default allows beyond what was seen"),
                  new Help.Example(
                      "profile check-coverage -o json web.recording.json web.json",
                      "the same of a file, for a program")),
              Map.of(
                  ExitCode.OK,
                  "the profile allows what was recorded",
                  ExitCode.REFUSED,
                  "it does not, or a file is wrong"),
              "record.md"),
          Grammar.of(
                  Stream.of(
                          List.of(FilterOptions.READ_AS, FilterOptions.CAPABILITIES),
                          RuntimeOptions.ALL,
                          List.of(OutputOptions.OUTPUT))
                      .flatMap(List::stream)
                      .toList())
              .taking(Operands.of(Values.FILES, FilterNames.PROFILES)),
          ProfileCheckCoverageCommand::run);

  private ProfileCheckCoverageCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    arguments.requireOperands(
        2, "profile check-coverage needs a recording and a profile: RECORDING PROFILE");
    OutputFormat format = arguments.output();
    String file = arguments.operands().getFirst();
    String named = arguments.operands().getLast();
    Reporter reporter = new Reporter(terminal);
    RecordingFiles read = RecordingFiles.read(List.of(file), terminal.in());
    if (read.recordings().isEmpty() && RecordingFiles.isRecording(named)) {
      throw new UsageException(
          "the recording comes first: portcullis profile check-coverage " + named + " " + file);
    }
    reporter.complain(read.complaints());
    ProfileSource source = ProfileSource.of(arguments, List.of(named), terminal.in());
    ProfileOperand operand = source.read(named);
    reporter.complain(operand.complaints());
    operand.notes().forEach(reporter::note);
    Profile profile = operand.profile();
    if (profile == null || read.recordings().isEmpty()) {
      return reporter.code();
    }
    ProfileCoverage coverage =
        ProfileCoverage.of(
            Resolver.resolve(profile, source.target()),
            read.recordings().getFirst(),
            source.target().architecture());
    new CoverageReport(file, operand.text(), coverage).print(format, terminal);
    if (!coverage.refused().isEmpty()) {
      reporter.worsen(ExitCode.REFUSED);
    }
    return reporter.code();
  }
}
