package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CommandCompiler;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.FilterNames;
import dev.portcullis.cli.input.ProfileFiles;
import dev.portcullis.cli.input.StandardInput;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Operands;
import dev.portcullis.cli.options.OutputForm;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.options.Verbosity;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.ValidationReport;
import dev.portcullis.cli.result.ValidationReport.ValidatedProfile;
import dev.portcullis.profiles.check.CheckLevel;
import dev.portcullis.profiles.check.ProfileCheck;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.syscall.SyscallNamesCheck;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// `portcullis profile validate`
final class ProfileValidateCommand {
  static final Verb VERB =
      new Verb(
          "profile validate",
          new Help(
              "find mistakes in profiles",
              List.of("FILE|DIR... [options]"),
              "Reads profiles, makes their filters, and says what no runtime would take, and what"
                  + " probably is not meant. Of a directory it reads every file that looks like a"
                  + " profile. FILE may also hold profiles: ConfigMaps, SeccompProfiles of the"
                  + " Security Profiles Operator, or the config.json of a container; FILE#NAME is"
                  + " one.",
              List.of(
                  new Help.Example(
                      "profile validate examples/profiles", "all profiles of a directory"),
                  new Help.Example(
                      "profile validate --oci-runtime crun examples/profiles/browser-sandbox.json",
                      "as for containers that crun makes"),
                  new Help.Example(
                      "profile validate -o json examples/profiles", "the findings for a program")),
              Map.of(
                  ExitCode.OK,
                  "every profile can be used; there may be warnings",
                  ExitCode.REFUSED,
                  "one cannot"),
              "profiles.md"),
          Grammar.of(
                  Stream.concat(FilterOptions.ALL.stream(), Verbosity.OPTIONS.stream()).toList(),
                  OutputOptions.FINDING_OUTPUT)
              .taking(Operands.many(FilterNames.PROFILES)),
          ProfileValidateCommand::run);

  private ProfileValidateCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    arguments.requireOperands("profile validate needs a file or a directory");
    OutputForm form = arguments.findingOutput();
    Verbosity verbosity = Verbosity.read(arguments);
    Reporter reporter = new Reporter(terminal);
    CheckLevel level =
        new CheckLevel.Filter(
            FilterOptions.readingMode(arguments),
            FilterOptions.target(arguments),
            FilterOptions.dialect(arguments),
            CommandCompiler.get(),
            SyscallNamesCheck.ofThisMachine(),
            SyscallTable.ofThisMachine());
    StandardInput input = new StandardInput(terminal.in());
    ProfileFiles.Chosen chosen = ProfileFiles.of(arguments.operands());
    List<ValidatedProfile> profiles = new ArrayList<>();
    List<Diagnostic> errors = new ArrayList<>();
    for (String file : chosen.files()) {
      ProfileFiles.Contents contents = ProfileFiles.profiles(file, input);
      errors.addAll(contents.complaints());
      for (ProfileFiles.Named named : contents.profiles()) {
        ValidatedProfile profile =
            new ValidatedProfile(
                named.name(),
                switch (ProfileCheck.of(named.content(), level)) {
                  case ProfileParseResult.Read(_, List<Finding> warnings) -> warnings;
                  case ProfileParseResult.Rejected(List<Finding> found) -> found;
                });
        profiles.add(profile);
        if (!profile.usable()) {
          reporter.worsen(ExitCode.REFUSED);
        }
      }
    }
    reporter.complain(errors);
    new ValidationReport(profiles, chosen.passedOver(), errors, verbosity).print(form, terminal);
    return reporter.code();
  }
}
