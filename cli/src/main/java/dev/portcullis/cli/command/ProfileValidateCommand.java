package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.Complaint;
import dev.portcullis.cli.input.ProfileFiles;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Problem;
import dev.portcullis.seccomp.finding.Severity;
import dev.portcullis.seccomp.json.ProfileReader;
import dev.portcullis.seccomp.json.ProfileReading;
import dev.portcullis.seccomp.lint.Lint;
import dev.portcullis.seccomp.profile.Profile;
import dev.portcullis.seccomp.syscall.NameCheck;
import dev.portcullis.seccomp.syscall.SyscallNamesCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// `portcullis profile validate`
final class ProfileValidateCommand implements Command {
  @Override
  public String name() {
    return "profile validate";
  }

  @Override
  public String summary() {
    return "say what is wrong with profiles, and what is odd";
  }

  @Override
  public String usage() {
    return "FILE|DIR...";
  }

  @Override
  public Grammar grammar() {
    return Grammar.of();
  }

  @Override
  public ExitCode run(Arguments arguments, Terminal terminal) throws UsageException, IOException {
    if (arguments.operands().isEmpty()) {
      throw new UsageException("profile validate needs a file or a directory");
    }
    Reporter reporter = new Reporter(terminal);
    SyscallNamesCheck names = SyscallNamesCheck.ofThisMachine();
    List<String> files = ProfileFiles.of(arguments.operands());
    int usable = 0;
    for (String file : files) {
      ProfileFiles.Content content = ProfileFiles.read(file);
      Complaint complaint = content.complaint();
      byte[] bytes = content.bytes();
      if (bytes == null) {
        reporter.complain(complaint == null ? List.of() : List.of(complaint));
        continue;
      }
      List<Finding> findings = new ArrayList<>(findings(bytes, names));
      findings.sort(
          Comparator.comparingInt((Finding each) -> each.at().line())
              .thenComparingInt(each -> each.at().column()));
      boolean broken = false;
      for (Finding finding : findings) {
        print(terminal, file, finding);
        broken |= finding.severity() == Severity.ERROR;
      }
      if (broken) {
        reporter.worsen(ExitCode.REFUSED);
      } else {
        usable++;
      }
    }
    terminal
        .out()
        .println(
            Count.of(files.size(), "profile")
                + ": "
                + usable
                + " usable, "
                + (files.size() - usable)
                + " not");
    return reporter.code();
  }

  private static List<Finding> findings(byte[] content, SyscallNamesCheck names) {
    return switch (ProfileReader.read(content)) {
      case ProfileReading.Rejected(List<Finding> findings) -> findings;
      case ProfileReading.Read(Profile profile, List<Finding> warnings) -> {
        List<Finding> all = new ArrayList<>(warnings);
        all.addAll(profile.dockerOnly());
        all.addAll(Lint.check(profile));
        switch (names.check(profile)) {
          case NameCheck.Checked(List<Finding> unknown) -> all.addAll(unknown);
          case NameCheck.NotChecked(String reason) ->
              all.add(new Finding(Problem.SYSCALLS_NOT_CHECKED, Position.NONE, reason));
        }
        yield all;
      }
    };
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
            Escape.line(Complaint.place(file, finding.at()))
                + ": "
                + terminal
                    .colour()
                    .paint(paint, finding.severity().name().toLowerCase(Locale.ROOT) + ":")
                + " "
                + Escape.line(finding.message() + " [" + finding.problem().id() + "]"));
  }
}
