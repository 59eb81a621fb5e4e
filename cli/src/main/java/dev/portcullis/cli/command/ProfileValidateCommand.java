package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CommandCompiler;
import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.ProfileFiles;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.FindingsJson;
import dev.portcullis.profiles.check.CheckLevel;
import dev.portcullis.profiles.check.ProfileCheck;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Severity;
import dev.portcullis.seccomp.finding.Together;
import dev.portcullis.seccomp.json.ProfileParseResult;
import dev.portcullis.seccomp.syscall.SyscallNamesCheck;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `portcullis profile validate`
final class ProfileValidateCommand {
  static final Verb VERB =
      new Verb(
          "profile validate",
          new Help(
              "find mistakes in profiles",
              List.of("FILE|DIR... [options]"),
              "Reads profiles, makes their filters, and says what no runtime would take, "
                  + "and what probably is not meant. Of a directory it reads every file that looks like a "
                  + "profile. FILE may also hold profiles: ConfigMaps, SeccompProfiles of the "
                  + "Security Profiles Operator, or the config.json of a container; FILE#NAME is one.",
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
          Grammar.of(FilterOptions.ALL, OutputOptions.OUTPUT),
          ProfileValidateCommand::run);

  private ProfileValidateCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException {
    arguments.requireOperands("profile validate needs a file or a directory");
    boolean table = arguments.output() == OutputFormat.TABLE;
    Reporter reporter = new Reporter(terminal);
    CheckLevel level =
        new CheckLevel.Filter(
            FilterOptions.readingMode(arguments),
            FilterOptions.target(arguments),
            FilterOptions.dialect(arguments),
            CommandCompiler.get(),
            SyscallNamesCheck.ofThisMachine(),
            SyscallTable.ofThisMachine());
    FindingsJson json = new FindingsJson();
    ProfileFiles.Chosen chosen = ProfileFiles.of(arguments.operands());
    List<ProfileFiles.Named> profiles = new ArrayList<>();
    int unusable = 0;
    for (String file : chosen.files()) {
      ProfileFiles.Contents contents = ProfileFiles.profiles(file);
      reporter.complain(contents.complaints());
      unusable += contents.complaints().size();
      profiles.addAll(contents.profiles());
    }
    int usable = 0;
    for (ProfileFiles.Named profile : profiles) {
      String file = profile.name();
      List<Finding> findings =
          switch (ProfileCheck.of(profile.content(), level)) {
            case ProfileParseResult.Read(_, List<Finding> warnings) -> warnings;
            case ProfileParseResult.Rejected(List<Finding> errors) -> errors;
          };
      if (table) {
        Together.of(findings).forEach(finding -> print(terminal, file, finding));
      } else {
        json.add(file, findings);
      }
      if (findings.stream().anyMatch(each -> each.severity() == Severity.ERROR)) {
        reporter.worsen(ExitCode.REFUSED);
        unusable++;
      } else {
        usable++;
      }
    }
    terminal
        .out()
        .println(
            table
                ? Plural.of(usable + unusable, "profile")
                    + ": "
                    + usable
                    + " usable, "
                    + unusable
                    + " not"
                    + (chosen.passedOver() == 0
                        ? ""
                        : "; " + Plural.of(chosen.passedOver(), "other file") + " passed over")
                : json.json());
    return reporter.code();
  }

  private static void print(Terminal terminal, String file, Finding finding) {
    Paint paint =
        switch (finding.severity()) {
          case ERROR -> Paint.BAD;
          case WARNING -> Paint.WARNING;
          case NOTE -> Paint.FAINT;
        };
    terminal
        .out()
        .println(
            Escape.line(Diagnostic.place(file, finding.at()))
                + ": "
                + terminal
                    .colour()
                    .paint(paint, finding.severity().name().toLowerCase(Locale.ROOT) + ":")
                + " "
                + Escape.line(finding.message() + " [" + finding.problem().id() + "]"));
  }
}
