package dev.portcullis.seccomp.runtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The lines of `runtimes.txt`; its beginning says what they mean.
final class RuntimesFile {
  private static final Pattern ROW =
      Pattern.compile("(?<name>[a-z-]+) (?<from>[0-9.]+)( to (?<to>[0-9.]+))?");
  private static final Pattern FACT = Pattern.compile("  (?<key>[a-z-]+): (?<value>\\S.*)");
  private static final Pattern SOURCE = Pattern.compile("    \\S.*");

  private RuntimesFile() {}

  /// A version of a runtime from which something is different, with all that holds for it.
  ///
  /// @param to the newest version that was read; only the last row of a name has it
  /// @param values by the names of facts, those of earlier versions too
  record Row(String name, Version from, @Nullable Version to, Map<String, String> values) {
    Row {
      values = Map.copyOf(values);
    }

    String word(String fact) {
      String value = values.get(fact);
      if (value == null) {
        throw new IllegalStateException(name + " " + from + " lacks " + fact);
      }
      return value;
    }

    List<String> list(String fact) {
      return List.of(word(fact).split(" "));
    }

    List<String> listOrNone(String fact) {
      return word(fact).equals("none") ? List.of() : list(fact);
    }

    /// @param endless the word for a number without end
    int number(String fact, String endless) {
      String word = word(fact);
      return word.equals(endless) ? Integer.MAX_VALUE : Integer.parseInt(word);
    }

    boolean either(String fact, String yes, String no) {
      String word = word(fact);
      if (!word.equals(yes) && !word.equals(no)) {
        throw bad(fact, word);
      }
      return word.equals(yes);
    }

    IllegalStateException bad(String fact, String value) {
      return new IllegalStateException(name + " " + from + " has " + fact + ": " + value);
    }
  }

  /// A row while it is read: what it says itself.
  private record Written(
      String name, Version from, @Nullable Version to, Map<String, String> values) {}

  /// @throws IllegalStateException where a line is none, a fact has no source, or the rows of a
  ///   name are in no order
  static Map<String, List<Row>> read(String text) {
    List<Written> written = new ArrayList<>();
    String open = "";
    for (String line : text.lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      Matcher row = ROW.matcher(line);
      Matcher fact = FACT.matcher(line);
      if (!open.isEmpty()) {
        if (!SOURCE.matcher(line).matches()) {
          throw new IllegalStateException("\"" + open + "\" has no source");
        }
        open = "";
      } else if (row.matches()) {
        written.add(
            new Written(
                row.group("name"),
                version(row.group("from")),
                row.group("to") == null ? null : version(row.group("to")),
                new HashMap<>()));
      } else if (fact.matches() && !written.isEmpty()) {
        written.getLast().values().put(fact.group("key"), fact.group("value"));
        open = line.strip();
      } else {
        throw new IllegalStateException("no line of this file: " + line);
      }
    }
    if (!open.isEmpty()) {
      throw new IllegalStateException("\"" + open + "\" has no source");
    }
    return rows(written);
  }

  private static Version version(String text) {
    return Objects.requireNonNull(Version.read(text), text);
  }

  private static Map<String, List<Row>> rows(List<Written> written) {
    Map<String, List<Row>> rows = new LinkedHashMap<>();
    for (Written each : written) {
      List<Row> before = rows.computeIfAbsent(each.name(), _ -> new ArrayList<>());
      Map<String, String> values = new HashMap<>();
      if (!before.isEmpty()) {
        Row last = before.getLast();
        if (last.to() != null || last.from().compareTo(each.from()) >= 0) {
          throw new IllegalStateException(each.name() + " " + each.from() + " is out of order");
        }
        values.putAll(last.values());
      }
      values.putAll(each.values());
      before.add(new Row(each.name(), each.from(), each.to(), values));
    }
    rows.forEach((name, all) -> {
      if (all.getLast().to() == null) {
        throw new IllegalStateException("the last row of " + name + " does not say what was read");
      }
    });
    return rows;
  }
}
