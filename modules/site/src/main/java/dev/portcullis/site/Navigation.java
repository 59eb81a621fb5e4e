package dev.portcullis.site;

import java.util.ArrayList;
import java.util.List;

/// The order of the pages, as `docs/navigation.txt` has it: groups with a name, and in each the
/// documents, or a directory of documents.
record Navigation(List<Group> groups) {
  static final String FILE = "docs/navigation.txt";

  /// @param name as the page shows it
  record Group(String name, List<Entry> entries) {}

  /// @param path a document or a directory
  /// @param label in the list of pages; empty where the document's title serves
  /// @param line in the file
  record Entry(String path, String label, int line) {
    /// Whether this is the entry of a document, or of the directory that it is in.
    boolean holds(String document) {
      return document.equals(path) || document.startsWith(path + "/");
    }
  }

  /// Reads it: the name of a group at the left, below it the indented lines of its entries, each a
  /// path and perhaps a label.
  static Navigation read(String text, List<SiteProblem> problems) {
    List<Group> groups = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (!line.startsWith(" ")) {
        groups.add(new Group(line.strip(), new ArrayList<>()));
      } else if (groups.isEmpty()) {
        problems.add(new SiteProblem(FILE, i + 1, "before any group; name one at the left"));
      } else {
        String[] words = line.strip().split(" +", 2);
        groups
            .getLast()
            .entries()
            .add(new Entry(words[0], words.length < 2 ? "" : words[1], i + 1));
      }
    }
    return new Navigation(groups);
  }

  /// Whether a document is of the last group, which the search shows after the others.
  boolean isInLastGroup(String path) {
    return !groups.isEmpty() && groups.getLast().entries().stream().anyMatch(it -> it.holds(path));
  }

  /// What the list of pages calls a directory; its path where it is not there.
  String titleOf(String directory) {
    return entries().stream()
        .filter(entry -> entry.path().equals(directory) && !entry.label().isEmpty())
        .map(Entry::label)
        .findFirst()
        .orElse(directory);
  }

  List<Entry> entries() {
    return groups.stream().flatMap(group -> group.entries().stream()).toList();
  }
}
