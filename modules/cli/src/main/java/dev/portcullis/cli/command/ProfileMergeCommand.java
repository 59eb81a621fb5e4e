package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.RecordingFiles;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.RecordingOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Values;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.NewFile;
import dev.portcullis.cli.result.RecordedFiles;
import dev.portcullis.cli.result.RecordingSummary;
import dev.portcullis.kernel.machine.ThisMachine;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.recording.RecordedProfile;
import dev.portcullis.seccomp.recording.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// `portcullis profile merge`
final class ProfileMergeCommand {
  static final Verb VERB =
      new Verb(
          "profile merge",
          new Help(
              "make one profile of several recordings",
              List.of("RECORDING... [options]"),
              "A RECORDING is a file that profile record wrote beside a profile. Counts add up. "
                  + "From one recording, it makes a profile with other options. With --output-file, it writes "
                  + "the merged recording, too, beside the profile.",
              List.of(
                  new Help.Example(
                      "profile merge one.recording.json two.recording.json --output-file web.json",
                      "of two replicas"),
                  new Help.Example(
                      "profile merge web.recording.json --arguments none --oci-runtimes runc",
                      "another profile of the same recording, to standard output")),
              Map.of(
                  ExitCode.OK,
                  "the profile is written",
                  ExitCode.REFUSED,
                  "a file is not a recording, or libseccomp makes another filter of the profile"),
              "record.md"),
          Grammar.of(
                  Stream.of(RecordingOptions.ALL, OutputOptions.NEW_FILE)
                      .flatMap(List::stream)
                      .toList())
              .taking(Operands.many(Values.FILES)),
          ProfileMergeCommand::run);

  private ProfileMergeCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    arguments.requireOperands("profile merge needs recordings: profile merge RECORDING...");
    NewFile file = NewFile.of(arguments);
    Path path = file.path();
    RecordedFiles files = path == null ? null : new RecordedFiles(path, file.overwrite());
    if (files != null) {
      files.requireFree();
    }
    ThisMachine machine = ThisMachine.ask(System.getProperty("os.arch"));
    Reporter reporter = new Reporter(terminal);
    ProfileMaker maker = ProfileMaker.of(arguments, machine.architecture(), terminal, reporter);
    RecordingFiles read = RecordingFiles.read(arguments.operands(), terminal.in());
    reporter.complain(read.complaints());
    if (reporter.code() != ExitCode.OK) {
      return reporter.code();
    }
    Recording seen = Recording.merge(read.recordings());
    ProfileMaker.MadeProfile result = maker.make("the profile", seen);
    reporter.complain(result.complaints());
    RecordedProfile made = result.profile();
    if (made == null || !result.complaints().isEmpty()) {
      return reporter.code();
    }
    RecordingSummary summary =
        new RecordingSummary(
            Plural.of(read.recordings().size(), "recording"), seen, made, result.relation());
    summary.print(terminal.toError());
    if (files == null) {
      file.write(ProfileWriter.write(made.profile()), terminal);
    } else {
      files.write(seen, made, terminal);
      summary.printWritten(files, terminal.toError());
    }
    summary.printRelation(terminal.toError());
    return reporter.code();
  }
}
