package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.print.Wrap;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compare.DifferenceText;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Differences of one direction as a diff from the first to the second filter: a line for all calls
/// that change in the same way, under the architectures on which they do.
///
/// A line with `-` takes something from calls, so that the second is more severe; one with `+`
/// gives it; `~` does neither.
///
/// @param machine the architecture of which most calls are named; of others only some are. Empty
///   where all are named on each
record ComparisonDiff(PrintStream out, Colour colour, int limit, String machine) {
  private static final String GAP = "  ";

  /// Names of calls of the machine's architecture.
  private static final int MOST_OF_MACHINE = 100;

  /// The same of others.
  private static final int MOST_OF_OTHERS = 12;

  /// With fewer columns beside the change, the text stands below it.
  private static final int NARROWEST = 24;

  /// The column of what stands below.
  private static final int BELOW = 4;

  ComparisonDiff(Terminal terminal, String machine) {
    this(terminal.out(), terminal.colour(), terminal.limit(), machine);
  }

  /// The two that are compared.
  void header(String first, String second) {
    line(Paint.HEADING, "--- " + Escape.line(first));
    line(Paint.HEADING, "+++ " + Escape.line(second));
  }

  /// @param differences of one direction
  void print(List<Difference> differences) {
    int column = 0;
    Map<List<String>, List<Difference>> hunks = new LinkedHashMap<>();
    for (Difference each : differences) {
      hunks.computeIfAbsent(each.where(), _ -> new ArrayList<>()).add(each);
      column = Math.max(column, change(each).length() + GAP.length());
    }
    for (Map.Entry<List<String>, List<Difference>> hunk : hunks.entrySet()) {
      line(Paint.NAME_1, "@@ " + String.join(", ", hunk.getKey()) + " @@");
      for (Difference each : hunk.getValue()) {
        print(each, column);
      }
    }
  }

  private void print(Difference difference, int column) {
    Paint paint = paint(difference);
    String start = change(difference);
    boolean below = limit - column < NARROWEST;
    int indent = below ? BELOW : column;
    if (below) {
      line(paint, start);
      start = "";
    }
    for (String part : List.of(what(difference), example(difference))) {
      for (String text : part.isEmpty() ? List.<String>of() : Wrap.within(part, limit - indent)) {
        out.println(colour.paint(paint, start + " ".repeat(indent - start.length()) + text));
        start = "";
      }
    }
  }

  private void line(Paint paint, String text) {
    Wrap.within(text, limit).forEach(each -> out.println(colour.paint(paint, each)));
  }

  private static Paint paint(Difference difference) {
    return switch (difference.direction()) {
      case WEAKER -> Paint.BAD;
      case STRICTER -> Paint.GOOD;
      case FAKES_SUCCESS, ASKS, KEEPS_RIGHTS -> Paint.WARNING;
      case DATA -> Paint.PLAIN;
    };
  }

  /// As `- ALLOW -> EPERM`.
  private static String change(Difference difference) {
    int architecture = difference.witness().architecture();
    Verdict first = difference.first();
    Verdict second = difference.second();
    char sign = second.isStricterThan(first) ? '-' : first.isStricterThan(second) ? '+' : '~';
    return sign + " " + first.on(architecture) + " -> " + second.on(architecture);
  }

  private String what(Difference difference) {
    int most =
        machine.isEmpty()
            ? Integer.MAX_VALUE
            : difference.where().contains(machine) ? MOST_OF_MACHINE : MOST_OF_OTHERS;
    return DifferenceText.calls(difference, most);
  }

  /// A call that shows it, where not every call of the name does.
  private static String example(Difference difference) {
    if (difference.condition().isAlways() || difference.names().isEmpty()) {
      return "";
    }
    return "for example "
        + DifferenceText.invocation(difference)
        + DifferenceText.taken(difference.names().getFirst(), difference.witness().arguments());
  }
}
