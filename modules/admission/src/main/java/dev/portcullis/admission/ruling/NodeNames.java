package dev.portcullis.admission.ruling;

import java.util.List;

/// Nodes in words. There may be thousands.
final class NodeNames {
  private static final int NAMED = 3;

  private NodeNames() {}

  /// The first of them, to be followed by what they have: `nodes a, b, c and 7 more have`.
  static String of(List<String> names) {
    String first = String.join(", ", names.stream().sorted().limit(NAMED).toList());
    int more = names.size() - NAMED;
    return (names.size() == 1 ? "node " : "nodes ")
        + first
        + (more > 0 ? " and " + more + " more" : "")
        + (names.size() == 1 ? " has" : " have");
  }
}
