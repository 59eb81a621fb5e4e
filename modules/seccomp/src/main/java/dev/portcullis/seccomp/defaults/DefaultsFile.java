package dev.portcullis.seccomp.defaults;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The file with the default profiles of one runtime; `tools/defaults/README.md` says what its
/// lines mean.
final class DefaultsFile {
  private static final Pattern HEAD = Pattern.compile("contents (\\S+)(?: from (\\S+))?");
  private static final Pattern SOURCE =
      Pattern.compile("source: (\\S+) (\\S+) ([0-9a-f]{40}) (\\d{4}-\\d\\d-\\d\\d) (.+)");

  private final Map<String, DefaultRules> rules = new LinkedHashMap<>();
  private final List<DefaultContents> all = new ArrayList<>();

  private DefaultsFile() {}

  /// All contents, in the order of their first versions.
  ///
  /// @throws IllegalStateException where the file is not of that form
  static List<DefaultContents> read(String text) {
    DefaultsFile file = new DefaultsFile();
    for (List<String> block : blocks(text)) {
      file.contents(block);
    }
    return file.all;
  }

  /// The lines of each contents, each whole.
  private static List<List<String>> blocks(String text) {
    List<List<String>> blocks = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.startsWith("contents ")) {
        blocks.add(new ArrayList<>(List.of(line)));
      } else if (!blocks.isEmpty() && !line.isBlank()) {
        List<String> block = blocks.getLast();
        if (line.startsWith("    ")) {
          block.add(block.removeLast() + " " + line.strip());
        } else {
          block.add(line.strip());
        }
      }
    }
    return blocks;
  }

  private void contents(List<String> block) {
    Matcher head = match(HEAD, block.getFirst());
    Matcher source = match(SOURCE, block.get(2));
    String name = head.group(1);
    String base = head.group(2);
    DefaultRules made = base(base);
    List<String> changes = block.subList(3, block.size());
    for (String change : changes) {
      if (base == null) {
        made.take(true, change);
      } else {
        made.take(change.startsWith("+ "), change.substring(2));
      }
    }
    rules.put(name, made);
    all.add(
        new DefaultContents(
            name,
            Stream.of(after("versions: ", block.get(1)).split(" "))
                .map(VersionRange::read)
                .toList(),
            new DefaultContents.Source(
                source.group(1),
                source.group(2),
                source.group(3),
                source.group(4),
                source.group(5)),
            base,
            changes,
            made.profile()));
  }

  private DefaultRules base(@Nullable String name) {
    if (name == null) {
      return new DefaultRules();
    }
    DefaultRules base = rules.get(name);
    if (base == null) {
      throw new IllegalStateException("there are no contents " + name + " before");
    }
    return base.copy();
  }

  private static Matcher match(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalStateException("no line of a catalogue: " + line);
    }
    return matcher;
  }

  private static String after(String start, String line) {
    if (!line.startsWith(start)) {
      throw new IllegalStateException("no " + start.strip() + " line: " + line);
    }
    return line.substring(start.length());
  }
}
