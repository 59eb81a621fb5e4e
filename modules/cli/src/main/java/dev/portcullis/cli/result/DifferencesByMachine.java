package dev.portcullis.cli.result;

import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compare.Direction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Differences of one direction, those of one architecture first. What other architectures only
/// repeat, the same calls with the same results, for other arguments or numbers, is counted; a call
/// that differs only there stays.
///
/// @param repeated those that are not shown
record DifferencesByMachine(List<Difference> shown, List<Difference> repeated) {
  DifferencesByMachine {
    shown = List.copyOf(shown);
    repeated = List.copyOf(repeated);
  }

  /// @param direction of which they are
  /// @param machine as `x86_64`; empty where none is first, and all are shown
  static DifferencesByMachine of(List<Difference> all, Direction direction, String machine) {
    List<Difference> shown = new ArrayList<>();
    List<Difference> elsewhere = new ArrayList<>();
    for (Difference each : all) {
      if (each.direction() != direction) {
        continue;
      }
      (machine.isEmpty() || each.where().contains(machine) ? shown : elsewhere).add(each);
    }
    Set<List<Object>> said = new HashSet<>();
    for (Difference each : shown) {
      each.names().forEach(name -> said.add(result(name, each)));
    }
    List<Difference> repeated = new ArrayList<>();
    for (Difference each : elsewhere) {
      boolean repeats =
          each.others().isEmpty()
              && !each.names().isEmpty()
              && each.names().stream().allMatch(name -> said.contains(result(name, each)));
      (repeats ? repeated : shown).add(each);
    }
    return new DifferencesByMachine(shown, repeated);
  }

  private static List<Object> result(String name, Difference difference) {
    return List.of(name, difference.first(), difference.second());
  }

  /// What is not shown, in a line; nothing where all is.
  List<String> repeatedText() {
    if (repeated.isEmpty()) {
      return List.of();
    }
    Set<String> calls = new LinkedHashSet<>();
    Set<String> architectures = new LinkedHashSet<>();
    for (Difference each : repeated) {
      calls.addAll(each.names());
      architectures.addAll(each.where());
    }
    return List.of(
        "also on "
            + String.join(", ", architectures)
            + ", for other arguments: "
            + String.join(", ", calls)
            + " (--arch "
            + String.join(",", architectures)
            + " shows them)");
  }
}
