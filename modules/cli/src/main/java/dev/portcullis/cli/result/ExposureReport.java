package dev.portcullis.cli.result;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.ExposureAnswers;
import dev.portcullis.cli.input.ExposureAnswers.Answered;
import dev.portcullis.cli.input.ExposureAnswers.ClosedProfile;
import dev.portcullis.cli.input.ExposureSubjects.LeftOut;
import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Table;
import dev.portcullis.cli.print.Table.Cell;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.print.Wrap;
import dev.portcullis.documents.Mapping;
import dev.portcullis.profiles.exposure.ClosingChange;
import dev.portcullis.profiles.exposure.Reach;
import dev.portcullis.profiles.exposure.Vulnerability;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which containers reach which vulnerabilities, and what closes them.
///
/// @param answers what was found
/// @param how the containers run: `as Kubernetes 1.36 runs them`
/// @param leftOut containers that are not asked about
/// @param errors why others are missing
public record ExposureReport(
    ExposureAnswers answers, String how, List<LeftOut> leftOut, List<Diagnostic> errors)
    implements FindingReport {
  private static final int MOST_NAMED = 5;
  private static final String INDENT = "  ";

  public ExposureReport {
    leftOut = List.copyOf(leftOut);
    errors = List.copyOf(errors);
  }

  /// Where nothing could be asked.
  public static ExposureReport failed(List<Vulnerability> asked, List<Diagnostic> errors) {
    return new ExposureReport(
        new ExposureAnswers(asked, List.of(), List.of()), "", List.of(), errors);
  }

  @Override
  public void table(Terminal terminal) {
    summary(terminal);
    for (Vulnerability vulnerability : answers.asked()) {
      Map<Group, List<Answered>> groups = groups(vulnerability);
      boolean open =
          groups.keySet().stream().anyMatch(each -> each.reach().outcome() != Reach.Outcome.CLOSED);
      if (open || answers.asked().size() == 1) {
        details(vulnerability, groups, terminal);
      }
    }
    closings(terminal);
    terminal.out().println();
    wrap(ExposureText.LIMITS, "", terminal);
  }

  private void summary(Terminal terminal) {
    Table table = new Table("VULNERABILITY", "NAME", "REACHABLE", "IN PART", "CLOSED", "UNKNOWN");
    for (Vulnerability vulnerability : answers.asked()) {
      table.row(
          Cell.of(vulnerability.id()),
          Cell.of(vulnerability.title()),
          count(vulnerability, Reach.Outcome.REACHABLE, Paint.BAD),
          count(vulnerability, Reach.Outcome.CLOSED_IN_PART, Paint.WARNING),
          count(vulnerability, Reach.Outcome.CLOSED, Paint.PLAIN),
          count(vulnerability, Reach.Outcome.UNDECIDED, Paint.WARNING));
    }
    table.print(terminal);
    terminal
        .out()
        .println(
            "of "
                + Plural.of(answers.answered().size(), "container")
                + (how.isEmpty() ? "" : ", " + how));
  }

  private Cell count(Vulnerability vulnerability, Reach.Outcome outcome, Paint paint) {
    long count = count(vulnerability, outcome);
    return new Cell(Long.toString(count), count == 0 ? Paint.PLAIN : paint);
  }

  /// How many have this outcome.
  private long count(Vulnerability vulnerability, Reach.Outcome outcome) {
    return answers.answered().stream()
        .filter(each -> each.of(vulnerability).outcome() == outcome)
        .count();
  }

  /// Whether something is reached, or undecided.
  public boolean open() {
    return answers.answered().stream()
        .flatMap(each -> each.reach().values().stream())
        .anyMatch(each -> each.outcome() != Reach.Outcome.CLOSED);
  }

  /// What is reported once for all that have it.
  private record Group(String profile, Reach reach) {}

  private Map<Group, List<Answered>> groups(Vulnerability vulnerability) {
    Map<Group, List<Answered>> groups = new LinkedHashMap<>();
    for (Reach.Outcome outcome : Reach.Outcome.values()) {
      for (Answered each : answers.answered()) {
        Reach reach = each.of(vulnerability);
        if (reach.outcome() == outcome) {
          groups
              .computeIfAbsent(
                  new Group(each.subject().profileLabel(), reach), _ -> new ArrayList<>())
              .add(each);
        }
      }
    }
    return groups;
  }

  private void details(
      Vulnerability vulnerability, Map<Group, List<Answered>> groups, Terminal terminal) {
    Colour colour = terminal.colour();
    terminal.out().println();
    terminal
        .out()
        .println(
            colour.paint(
                    Paint.HEADING, Escape.line(vulnerability.id() + " " + vulnerability.title()))
                + ", published "
                + vulnerability.date());
    wrap(vulnerability.summary(), INDENT, terminal);
    wrap(ExposureText.kernels(vulnerability), INDENT, terminal);
    groups.forEach((group, containers) -> {
      if (group.reach().outcome() == Reach.Outcome.CLOSED && answers.asked().size() > 1) {
        return;
      }
      String names = names(containers);
      terminal
          .out()
          .println(
              INDENT
                  + colour.paint(paint(group.reach().outcome()), group.reach().text())
                  + " with "
                  + Escape.line(group.profile())
                  + (names.equals(group.profile())
                      ? ""
                      : ": " + Plural.of(containers.size(), "container")));
      if (!names.equals(group.profile())) {
        wrap(names, INDENT.repeat(3), terminal);
      }
      ExposureText.steps(group.reach())
          .forEach(
              step -> wrap("by ".repeat(open(group) ? 1 : 0) + step, INDENT.repeat(3), terminal));
    });
  }

  private static boolean open(Group group) {
    return switch (group.reach().outcome()) {
      case REACHABLE, CLOSED_IN_PART -> true;
      case UNDECIDED, CLOSED -> false;
    };
  }

  private static Paint paint(Reach.Outcome outcome) {
    return switch (outcome) {
      case REACHABLE -> Paint.BAD;
      case CLOSED_IN_PART, UNDECIDED -> Paint.WARNING;
      case CLOSED -> Paint.GOOD;
    };
  }

  private static String names(List<Answered> containers) {
    List<String> names =
        containers.stream().limit(MOST_NAMED).map(each -> each.subject().name()).toList();
    int more = containers.size() - names.size();
    return String.join(", ", names) + (more > 0 ? " and " + more + " more" : "");
  }

  private void closings(Terminal terminal) {
    List<ClosedProfile> closed = answers.closed();
    boolean unfiltered =
        answers.answered().stream().anyMatch(each -> each.subject().profile().equals("unconfined"));
    if (closed.isEmpty() && !unfiltered) {
      return;
    }
    terminal.out().println();
    terminal.out().println(terminal.colour().paint(Paint.HEADING, "to close it:"));
    if (unfiltered) {
      wrap(
          "unconfined: containers without a filter need a profile first; privileged ones cannot"
              + " have one",
          INDENT,
          terminal);
    }
    for (ClosedProfile each : closed) {
      String source = each.origin().source();
      terminal
          .out()
          .println(
              INDENT
                  + Escape.line(each.profile() + (source.isEmpty() ? "" : ", of " + source))
                  + ":");
      for (ClosingChange closing : each.found().closings()) {
        terminal
            .out()
            .println(
                INDENT.repeat(2)
                    + Escape.line(ExposureText.command(each, closing, terminal.program())));
        wrap(ExposureText.effect(closing), INDENT.repeat(3), terminal);
        ExposureText.loses(closing)
            .forEach(loss -> wrap("takes away: " + loss, INDENT.repeat(3), terminal));
      }
      each.found()
          .without()
          .forEach((vulnerability, why) ->
              wrap(
                  vulnerability.id() + ": no change of this profile is proven to close it: " + why,
                  INDENT.repeat(2),
                  terminal));
    }
  }

  private static void wrap(String text, String indent, Terminal terminal) {
    for (String line : Wrap.words(Escape.line(text), terminal.width() - indent.length())) {
      terminal.out().println(indent + line);
    }
  }

  @Override
  public Mapping document() {
    return new ExposureJson(answers, how, leftOut, errors).document();
  }

  @Override
  public FindingSet findings() {
    return new ExposureFindings(answers).set(errors);
  }
}
