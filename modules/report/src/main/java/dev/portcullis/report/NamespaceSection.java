package dev.portcullis.report;

import dev.portcullis.report.Confinement.State;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The map of namespaces by what runs in them: a square for each container, or for as many as make
/// the picture small enough.
record NamespaceSection(SeccompReport report) {
  private static final int MOST_TILES = 60;
  private static final int MOST_SQUARES = 72;
  private static final int IN_A_ROW = 18;
  private static final int STEP = 12;
  private static final int SIDE = 10;

  void write(Markup page) {
    List<NamespaceCounts> tiles = NamespaceCounts.worstFirst(report);
    page.open("section", "id", "namespaces").element("h2", "Namespaces").line();
    page.element(
        "p",
        Words.count(tiles.size(), "namespace")
            + (tiles.size() > MOST_TILES
                ? ". Shown are the " + MOST_TILES + " with the most containers without a filter."
                : ".")
            + (tiles.size() > 1
                ? " Those with the most containers without a filter come first."
                : ""),
        "class",
        "lead");
    page.open("ul", "class", "tiles");
    tiles.stream().limit(MOST_TILES).forEach(each -> tile(each, page));
    page.close("ul").close("section").line();
  }

  private static void tile(NamespaceCounts tile, Markup page) {
    int all = tile.today().all();
    page.open("li", "class", "card tile").element("h3", Words.shortened(tile.name()));
    page.element("p", Words.count(all, "container"), "class", "of");
    squares(tile.today(), page);
    if (all > MOST_SQUARES) {
      page.element(
          "p",
          "a square is about " + Words.count(Math.round(all / (double) MOST_SQUARES), "container"),
          "class",
          "under");
    }
    page.open("p", "class", "under")
        .text("no filter: ")
        .element("strong", Words.number(tile.today().of(State.UNCONFINED)))
        .text(" today, ")
        .element("strong", Words.number(tile.withPortcullis().of(State.UNCONFINED)))
        .text(" with Portcullis")
        .close("p");
    page.close("li").line();
  }

  private static void squares(StateCounts counts, Markup page) {
    Map<State, Integer> squares = squares(counts);
    int all = squares.values().stream().mapToInt(Integer::intValue).sum();
    int rows = Math.max(1, (all + IN_A_ROW - 1) / IN_A_ROW);
    page.open(
        "svg",
        "class",
        "squares",
        "viewBox",
        "0 0 " + IN_A_ROW * STEP + " " + rows * STEP,
        "role",
        "img",
        "aria-label",
        "today: " + StateBar.of(counts).words());
    int at = 0;
    for (Map.Entry<State, Integer> each : squares.entrySet()) {
      StringBuilder path = new StringBuilder();
      for (int i = 0; i < each.getValue(); i++, at++) {
        path.append('M')
            .append(at % IN_A_ROW * STEP)
            .append(' ')
            .append(at / IN_A_ROW * STEP)
            .append('h')
            .append(SIDE)
            .append('v')
            .append(SIDE)
            .append("h-")
            .append(SIDE)
            .append('z');
      }
      if (!path.isEmpty()) {
        page.open("path", "class", "fill-" + each.getKey().id(), "d", path.toString())
            .close("path");
      }
    }
    page.close("svg");
  }

  /// One for each container; of more than fit, in proportion, and at least one for what is there.
  private static Map<State, Integer> squares(StateCounts counts) {
    Map<State, Integer> squares = new EnumMap<>(State.class);
    int all = counts.all();
    for (State state : State.values()) {
      int of = counts.of(state);
      squares.put(
          state,
          all <= MOST_SQUARES
              ? of
              : of == 0 ? 0 : Math.max(1, Math.round(of * (float) MOST_SQUARES / all)));
    }
    return squares;
  }
}
