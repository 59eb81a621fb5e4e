package dev.portcullis.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Who may run pods under which profile, by the policies and the grants on them.
///
/// @param known whether there are policies; without, there is nothing to say about users
/// @param profiles the columns: names of profiles, and patterns of policies
/// @param rows who
/// @param notes what is said once about all of it
public record Access(boolean known, List<String> profiles, List<Row> rows, List<String> notes) {
  /// Nothing is known.
  public static final Access UNKNOWN = new Access(false, List.of(), List.of(), List.of());

  public Access {
    profiles = List.copyOf(profiles);
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
  }

  /// What one user, group or service account may use.
  ///
  /// @param subject `Group developers`
  /// @param cells one for each of the profiles
  public record Row(String subject, List<Cell> cells) {
    public Row {
      cells = List.copyOf(cells);
    }
  }

  /// Whether a subject may use a profile.
  ///
  /// @param byName whatever its content
  /// @param ifProven where its content is proven no weaker than another; beside `byName`
  public record Cell(Where byName, Where ifProven) {
    /// Whether it may not, by these policies.
    boolean none() {
      return byName.nowhere() && ifProven.nowhere();
    }

    /// In words: `yes`, `in a, b; elsewhere if proven`.
    ///
    /// @param list of names of namespaces, as they are to be shown
    String words(Function<List<String>, String> list) {
      if (byName.everywhere()) {
        return "yes";
      }
      List<String> words = new ArrayList<>();
      if (!byName.nowhere()) {
        words.add("in " + list.apply(byName.namespaces()));
      }
      if (ifProven.everywhere()) {
        words.add(byName.nowhere() ? "if proven" : "elsewhere if proven");
      } else if (!ifProven.nowhere()) {
        words.add("if proven, in " + list.apply(ifProven.namespaces()));
      }
      return words.isEmpty() ? "no" : String.join("; ", words);
    }
  }

  /// For pods in which namespaces something holds.
  ///
  /// @param namespaces none where it holds in every one
  public record Where(boolean everywhere, List<String> namespaces) {
    public static final Where NOWHERE = new Where(false, List.of());
    public static final Where EVERYWHERE = new Where(true, List.of());

    public Where {
      namespaces = List.copyOf(namespaces);
    }

    boolean nowhere() {
      return !everywhere && namespaces.isEmpty();
    }
  }
}
