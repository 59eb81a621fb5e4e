package dev.portcullis.cli.result;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.options.Verbosity;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.seccomp.finding.Finding;
import dev.portcullis.seccomp.finding.Severity;
import dev.portcullis.seccomp.finding.Together;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What was found in profiles.
///
/// @param profiles those that could be read
/// @param passedOver other files of directories
/// @param errors why others could not
public record ValidationReport(
    List<ValidatedProfile> profiles, int passedOver, List<Diagnostic> errors, Verbosity verbosity)
    implements FindingReport {
  public ValidationReport {
    profiles = List.copyOf(profiles);
    errors = List.copyOf(errors);
  }

  /// A profile and what was found in it.
  ///
  /// @param file as it was given; `-` for standard input
  public record ValidatedProfile(String file, List<Finding> findings) {
    public ValidatedProfile {
      findings = List.copyOf(findings);
    }

    /// Whether a runtime can use it.
    public boolean usable() {
      return findings.stream().noneMatch(each -> each.severity() == Severity.ERROR);
    }
  }

  @Override
  public void table(Terminal terminal) {
    Paragraph paragraph = Paragraph.on(terminal);
    for (ValidatedProfile profile : profiles) {
      List<Finding> findings =
          verbosity == Verbosity.VERBOSE ? profile.findings() : Together.of(profile.findings());
      for (Finding finding : findings) {
        if (verbosity != Verbosity.QUIET || finding.severity() == Severity.ERROR) {
          paragraph.sayAt(
              Diagnostic.place(profile.file(), finding.at()),
              paint(finding.severity()),
              word(finding.severity()) + ":",
              finding.message() + " [" + finding.problem().id() + "]");
        }
      }
    }
    if (verbosity != Verbosity.QUIET) {
      long usable = profiles.stream().filter(ValidatedProfile::usable).count();
      int all = profiles.size() + errors.size();
      terminal
          .out()
          .println(
              Plural.of(all, "profile")
                  + ": "
                  + usable
                  + " usable, "
                  + (all - usable)
                  + " not"
                  + (passedOver == 0
                      ? ""
                      : "; " + Plural.of(passedOver, "other file") + " passed over"));
    }
  }

  private static Paint paint(Severity severity) {
    return switch (severity) {
      case ERROR -> Paint.BAD;
      case WARNING -> Paint.WARNING;
      case NOTE -> Paint.FAINT;
    };
  }

  private static String word(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Mapping document() {
    return new MappingBuilder()
        .put("profiles", profiles.stream().map(ValidationReport::profile).toList())
        .put("errors", ErrorsJson.of(errors))
        .build();
  }

  private static Mapping profile(ValidatedProfile profile) {
    return new MappingBuilder()
        .put("source", profile.file())
        .put("usable", profile.usable())
        .put("findings", profile.findings().stream().map(ValidationReport::finding).toList())
        .build();
  }

  private static Mapping finding(Finding finding) {
    return new MappingBuilder()
        .put("id", finding.problem().id())
        .put("severity", word(finding.severity()))
        .put("line", finding.at().line())
        .put("column", finding.at().column())
        .put("message", finding.message())
        .build();
  }

  @Override
  public FindingSet findings() {
    List<FindingSet.Subject> subjects = new ArrayList<>();
    List<FindingSet.Entry> entries = new ArrayList<>();
    for (ValidatedProfile profile : profiles) {
      FindingSet.Subject subject = new FindingSet.Subject(profile.file(), "");
      subjects.add(subject);
      for (Finding finding : profile.findings()) {
        entries.add(
            new FindingSet.Entry(
                subject,
                finding.problem().id(),
                level(finding.severity()),
                finding.at(),
                finding.message()));
      }
    }
    return new FindingSet("profile validate", subjects, entries, errors);
  }

  private static FindingSet.Level level(Severity severity) {
    return switch (severity) {
      case ERROR -> FindingSet.Level.ERROR;
      case WARNING -> FindingSet.Level.WARNING;
      case NOTE -> FindingSet.Level.NOTE;
    };
  }
}
