package dev.portcullis.cli.result;

import dev.portcullis.cli.input.DenialPlace;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Table;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.kernel.denial.DenialDocument;
import dev.portcullis.kernel.denial.NamedDenial;
import dev.portcullis.seccomp.heal.DenialReader;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The system calls that filters refused, or let go on and logged, for people and for programs.
///
/// @param lost how many events the kernel lost, at least
/// @param undecided how many calls were perhaps refused
/// @param omitted how many refused calls are in none of them
/// @param remarks whose filters are not known, so that what these alone refuse is in none of them
public record DenialsReport(
    List<NamedDenial<DenialPlace>> calls,
    long lost,
    long undecided,
    long omitted,
    List<String> remarks)
    implements Report {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  /// What is to be done about calls that are only logged.
  static final String OF_LOGGED =
      "LOG: the call went on, and the profile that is tried would refuse it; what allows it there";

  public DenialsReport {
    calls = List.copyOf(calls);
    remarks = List.copyOf(remarks);
  }

  /// Whether nothing was refused, or logged, for certain.
  public boolean isClean() {
    return calls.isEmpty() && lost + undecided + omitted == 0 && remarks.isEmpty();
  }

  private static String time(Instant when) {
    return LocalTime.ofInstant(when, ZoneId.systemDefault()).format(TIME);
  }

  @Override
  public void table(Terminal terminal) {
    if (calls.isEmpty()) {
      none(isClean(), terminal);
      return;
    }
    Table table = new Table("CALL", "RESULT", "COUNT", "FIRST", "LAST", "WHERE");
    for (NamedDenial<DenialPlace> call : calls) {
      table.row(
          Table.Cell.of(call.name()),
          new Table.Cell(call.result(), call.denial().isLogged() ? Paint.WARNING : Paint.BAD),
          Table.Cell.of(Long.toString(call.denial().count())),
          Table.Cell.of(time(call.denial().first())),
          Table.Cell.of(time(call.denial().last())),
          Table.Cell.of(call.denial().subject().text()));
    }
    table.print(terminal);
    Set<String> commands = new LinkedHashSet<>();
    Set<String> ofLogged = new LinkedHashSet<>();
    Set<String> nameless = new LinkedHashSet<>();
    for (NamedDenial<DenialPlace> call : calls) {
      if (call.changes().isEmpty()) {
        nameless.add(call.name());
      } else {
        (call.denial().isLogged() ? ofLogged : commands).add(call.command(terminal.program()));
      }
    }
    // Copied whole: they are not broken where the terminal ends.
    Paragraph whole = Paragraph.on(terminal.unbounded());
    if (!commands.isEmpty()) {
      terminal.out().println();
      whole.heading("what allows them:");
      commands.forEach(command -> whole.detail("", 2, command));
    }
    if (!ofLogged.isEmpty()) {
      terminal.out().println();
      whole.heading(OF_LOGGED + ":");
      ofLogged.forEach(command -> whole.detail("", 2, command));
    }
    if (!nameless.isEmpty()) {
      whole.detail(
          "",
          2,
          "no profile can allow by name: "
              + String.join(", ", nameless)
              + ", for which this libseccomp has none");
    }
  }

  /// That there is none to list.
  ///
  /// @param clean whether nothing was refused for certain
  static void none(boolean clean, Terminal terminal) {
    terminal
        .out()
        .println(
            clean
                ? "nothing was refused or logged"
                : "nothing to list, and something may have been refused");
  }

  /// A line about the first call of its kind.
  public static void first(NamedDenial<DenialPlace> call, Terminal terminal) {
    line(
        call,
        (call.changes().isEmpty()
            ? ""
            : (call.denial().isLogged() ? "; to allow it in the profile: " : "; to allow it: ")
                + call.command(terminal.program())),
        terminal);
  }

  /// A line about those that came since.
  ///
  /// @param more how many
  /// @param seconds since when
  public static void more(
      NamedDenial<DenialPlace> call, long more, long seconds, Terminal terminal) {
    line(
        call,
        ": "
            + Plural.of(more, "more call")
            + ", "
            + Math.max(1, more / Math.max(1, seconds))
            + " a second",
        terminal);
  }

  private static void line(NamedDenial<DenialPlace> call, String rest, Terminal terminal) {
    Paragraph.on(terminal.unbounded())
        .sayWithin(
            time(call.denial().last()) + " " + call.name() + " ",
            call.denial().isLogged() ? Paint.WARNING : Paint.BAD,
            call.result(),
            " in " + call.denial().subject().text() + rest);
    terminal.out().flush();
  }

  @Override
  public Mapping document() {
    return new MappingBuilder()
        .put("apiVersion", DenialReader.VERSION)
        .put(
            "denials",
            calls.stream()
                .map(call -> DenialDocument.of(call, call.denial().subject().document()).build())
                .toList())
        .put("lost", lost)
        .put("undecided", undecided)
        .put("omitted", omitted)
        .putTexts("remarks", remarks)
        .build();
  }
}
