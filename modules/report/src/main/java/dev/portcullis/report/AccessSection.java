package dev.portcullis.report;

import dev.portcullis.report.Access.Cell;
import dev.portcullis.report.Access.Row;
import dev.portcullis.report.Access.Where;
import java.util.List;

/// The matrix of who may use what.
record AccessSection(SeccompReport report) {
  private static final int MOST_ROWS = 60;
  private static final int MOST_COLUMNS = 12;
  private static final int MOST_NAMESPACES = 3;

  void write(Markup page) {
    Access access = report.access();
    page.open("section", "id", "access").element("h2", "Who may use what").line();
    if (!access.known()) {
      page.element(
          "p",
          "Not known: no policies were given. Name them with --policy, or ask a cluster with"
              + " --cluster.");
      page.close("section").line();
      return;
    }
    List<String> columns =
        access.profiles().subList(0, Math.min(MOST_COLUMNS, access.profiles().size()));
    List<Row> rows = access.rows().subList(0, Math.min(MOST_ROWS, access.rows().size()));
    access.notes().forEach(note -> page.element("p", note, "class", "lead"));
    if (columns.size() < access.profiles().size() || rows.size() < access.rows().size()) {
      page.element(
          "p",
          "Shown are "
              + rows.size()
              + " of "
              + Words.number(access.rows().size())
              + " subjects and "
              + columns.size()
              + " of "
              + Words.number(access.profiles().size())
              + " profiles; -o json has all of them.",
          "class",
          "lead");
    }
    if (!rows.isEmpty()) {
      table(columns, rows, page);
    }
    page.close("section").line();
  }

  private static void table(List<String> columns, List<Row> rows, Markup page) {
    page.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "Matrix");
    page.open("table", "class", "access")
        .element("caption", "Subjects and the profiles that they may use", "class", "hidden");
    page.open("thead").open("tr").element("th", "Who", "scope", "col");
    for (String profile : columns) {
      page.open("th", "scope", "col").element("code", Words.shortened(profile)).close("th");
    }
    page.close("tr").close("thead").open("tbody");
    for (Row row : rows) {
      page.open("tr").element("th", Words.shortened(row.subject()), "scope", "row");
      row.cells().stream().limit(columns.size()).forEach(cell -> cell(cell, page));
      page.close("tr");
    }
    page.close("tbody").close("table").close("div");
  }

  private static void cell(Cell cell, Markup page) {
    page.open("td", "class", cell.none() ? "no" : "yes");
    if (cell.none()) {
      page.element("span", "no", "class", "hidden").text("·");
    } else {
      page.element(
          cell.byName().equals(Where.NOWHERE) ? "span" : "strong",
          cell.words(AccessSection::namespaces));
    }
    page.close("td");
  }

  private static String namespaces(List<String> names) {
    return Words.list(names.stream().map(Words::shortened).toList(), MOST_NAMESPACES);
  }
}
