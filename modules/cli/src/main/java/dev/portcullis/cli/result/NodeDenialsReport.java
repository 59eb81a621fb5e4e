package dev.portcullis.cli.result;

import dev.portcullis.cli.options.NodePodOptions;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Table;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The calls that were refused to the containers of a node, as its agent wrote them down.
public final class NodeDenialsReport implements Report {
  private static final String DENIALS = "denials";
  private static final String WATCHED = "watched";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

  private final Mapping document;
  private final List<Mapping> denials;

  private NodeDenialsReport(Mapping document, List<Mapping> denials) {
    this.document = document;
    this.denials = denials;
  }

  /// Those of one pod or container, or of all.
  ///
  /// @param document of the agent
  public static NodeDenialsReport of(Mapping document, NodePodOptions asked) {
    List<Mapping> all =
        mappings(document, DENIALS).stream()
            .filter(each -> isOf(asked, member(each, "container")))
            .toList();
    List<Mapping> watched =
        mappings(document, WATCHED).stream().filter(each -> isOf(asked, each)).toList();
    MappingBuilder own = new MappingBuilder();
    document
        .entries()
        .forEach((key, entry) ->
            own.put(
                key,
                switch (key) {
                  case DENIALS -> new Sequence(Position.NONE, List.copyOf(all));
                  case WATCHED -> new Sequence(Position.NONE, List.copyOf(watched));
                  default -> entry.value();
                }));
    return new NodeDenialsReport(own.build(), all);
  }

  private static boolean isOf(NodePodOptions asked, Mapping container) {
    return (asked.pod() == null || asked.pod().equals(pod(container)))
        && (asked.container() == null || asked.container().equals(text(container, "name")));
  }

  private static List<Mapping> mappings(Mapping document, String key) {
    List<Mapping> all = new ArrayList<>();
    if (document.present(key) instanceof Sequence items) {
      for (Value item : items.items()) {
        if (item instanceof Mapping mapping) {
          all.add(mapping);
        }
      }
    }
    return all;
  }

  private static String text(Value object, String key) {
    return object instanceof Mapping mapping
            && mapping.present(key) instanceof Value.Text(_, String text)
        ? text
        : "";
  }

  private static Mapping member(Mapping object, String key) {
    return object.present(key) instanceof Mapping member ? member : new MappingBuilder().build();
  }

  private static String pod(Mapping container) {
    return text(container, "namespace") + "/" + text(container, "pod");
  }

  private static long number(Mapping object, String key) {
    return object.present(key) instanceof Value.Numeral(_, String literal)
            && literal.matches("[0-9]{1,18}")
        ? Long.parseLong(literal)
        : 0;
  }

  /// Whether any container of those that were asked for is watched.
  public boolean isWatched() {
    return !denials.isEmpty() || !mappings(document, WATCHED).isEmpty();
  }

  /// How many are not known: `lost`, `undecided`, `omitted`.
  public long number(String key) {
    return number(document, key);
  }

  /// Which containers are not watched, and why.
  public List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    if (document.present("remarks") instanceof Sequence items) {
      for (Value item : items.items()) {
        if (item instanceof Value.Text(_, String remark)) {
          remarks.add(remark);
        }
      }
    }
    return remarks;
  }

  /// Whether nothing was refused, or logged, for certain.
  public boolean isClean() {
    return denials.isEmpty()
        && number("lost") + number("undecided") + number("omitted") == 0
        && remarks().isEmpty();
  }

  private static boolean isLogged(Mapping denial) {
    return text(member(denial, "result"), "action").equals("log");
  }

  private static String result(Mapping denial) {
    String errno = text(member(denial, "result"), "errno");
    String action = text(member(denial, "result"), "action");
    return action.equals("errno") ? errno : (action.toUpperCase(Locale.ROOT) + " " + errno).strip();
  }

  private static String time(String instant) {
    try {
      return TIME.format(Instant.parse(instant));
    } catch (DateTimeParseException strange) {
      return "-";
    }
  }

  @Override
  public void table(Terminal terminal) {
    if (denials.isEmpty()) {
      DenialsReport.none(isClean(), terminal);
      return;
    }
    Table table = new Table("POD", "CONTAINER", "COMMAND", "CALL", "RESULT", "COUNT", "LAST");
    Set<String> commands = new LinkedHashSet<>();
    Set<String> ofLogged = new LinkedHashSet<>();
    for (Mapping denial : denials) {
      table.row(
          Table.Cell.of(pod(member(denial, "container"))),
          Table.Cell.of(text(member(denial, "container"), "name")),
          Table.Cell.of(text(denial, "command")),
          Table.Cell.of(text(denial, "syscall")),
          new Table.Cell(result(denial), isLogged(denial) ? Paint.WARNING : Paint.BAD),
          Table.Cell.of(Long.toString(number(denial, "count"))),
          Table.Cell.of(time(text(denial, "lastSeen"))));
      StringBuilder command =
          new StringBuilder(terminal.program()).append(" profile derive --from PROFILE");
      if (denial.present("allow") instanceof Sequence changes && !changes.items().isEmpty()) {
        for (Value change : changes.items()) {
          String text = change instanceof Value.Text(_, String word) ? word : "";
          command.append(" --allow ").append(text.matches("[a-z0-9_]+") ? text : "'" + text + "'");
        }
        (isLogged(denial) ? ofLogged : commands).add(command.toString());
      }
    }
    table.print(terminal);
    list("what allows them", commands, terminal);
    list(DenialsReport.OF_LOGGED, ofLogged, terminal);
  }

  private static void list(String heading, Set<String> commands, Terminal terminal) {
    if (!commands.isEmpty()) {
      terminal.out().println();
      // Copied whole: they are not broken where the terminal ends.
      Paragraph whole = Paragraph.on(terminal.unbounded());
      whole.heading(heading + ", with all arguments where none are named:");
      commands.forEach(command -> whole.detail("", 2, command));
    }
  }

  @Override
  public Mapping document() {
    return document;
  }
}
