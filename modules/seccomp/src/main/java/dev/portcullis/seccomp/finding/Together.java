package dev.portcullis.seccomp.finding;

import dev.portcullis.documents.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Equal findings in one line: a file in Docker's old format has one for each of 300 rules, among
/// which the others are not seen.
public final class Together {
  /// More lines are not listed.
  private static final int MOST = 3;

  private record Same(Problem problem, String message) {}

  private Together() {}

  /// Each once, at the first of its places, with the number and the first lines of all.
  public static List<Finding> of(List<Finding> findings) {
    Map<Same, List<Finding>> groups = new LinkedHashMap<>();
    for (Finding each : findings) {
      groups
          .computeIfAbsent(new Same(each.problem(), each.message()), _ -> new ArrayList<>())
          .add(each);
    }
    return groups.values().stream().map(Together::one).toList();
  }

  private static Finding one(List<Finding> equal) {
    Finding first = equal.getFirst();
    if (equal.size() == 1) {
      return first;
    }
    List<Integer> lines =
        equal.stream().map(Finding::at).map(Position::line).distinct().sorted().toList();
    String where =
        lines.size() == 1
            ? ""
            : ": lines "
                + lines.stream().limit(MOST).map(String::valueOf).collect(Collectors.joining(", "))
                + (lines.size() > MOST ? " ..." : "");
    return new Finding(
        first.problem(),
        first.at(),
        first.message() + " (" + equal.size() + " times" + where + ")");
  }
}
