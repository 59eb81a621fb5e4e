package dev.portcullis.report;

import java.util.ArrayList;
import java.util.List;

/// A bar of parts, as long as the line that it stands on.
///
/// @param parts in their order; those of nothing are left out
record StateBar(List<Part> parts) {
  private static final int LENGTH = 1000;

  StateBar {
    parts = parts.stream().filter(each -> each.count() > 0).toList();
  }

  /// A part.
  ///
  /// @param style the class of its colour
  /// @param word for those who do not see it
  record Part(String style, String word, int count) {}

  /// By states.
  static StateBar of(StateCounts counts) {
    List<Part> parts = new ArrayList<>();
    for (Confinement.State state : Confinement.State.values()) {
      parts.add(new Part(state.id(), state.title(), counts.of(state)));
    }
    return new StateBar(parts);
  }

  /// By what is reached.
  static StateBar of(Exposure.Tally tally) {
    return new StateBar(
        List.of(
            new Part("reachable", "reachable", tally.reachable()),
            new Part("in-part", "reachable from another architecture", tally.inPart()),
            new Part("unknown", "unknown", tally.unknown()),
            new Part("closed", "closed", tally.closed())));
  }

  /// In words: `3 own profile, 1 no filter`.
  String words() {
    return parts.isEmpty()
        ? "none"
        : String.join(
            ", ",
            parts.stream().map(each -> Words.number(each.count()) + " " + each.word()).toList());
  }

  /// Writes it.
  ///
  /// @param what it is of, for those who do not see it
  void write(String what, Markup page) {
    page.open(
        "svg",
        "class",
        "bar",
        "viewBox",
        "0 0 " + LENGTH + " 20",
        "preserveAspectRatio",
        "none",
        "role",
        "img",
        "aria-label",
        what + ": " + words());
    long all = parts.stream().mapToLong(Part::count).sum();
    long before = 0;
    for (Part part : parts) {
      long from = LENGTH * before / all;
      before += part.count();
      long to = LENGTH * before / all;
      page.open(
              "rect",
              "class",
              "fill-" + part.style(),
              "x",
              Long.toString(from),
              "width",
              Long.toString(Math.max(2, to - from)),
              "height",
              "20")
          .close("rect");
    }
    page.close("svg");
  }
}
