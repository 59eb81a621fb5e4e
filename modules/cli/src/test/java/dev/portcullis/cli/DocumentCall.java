package dev.portcullis.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A call of Portcullis in a document, as a person would type it.
///
/// @param place file and line
/// @param mention whether it stands in a text, which may name an option without a value for it
/// @param words what follows the program, without what a synopsis adds: brackets and dots
record DocumentCall(String place, boolean mention, List<String> words) {
  /// What divides the commands of a line.
  private static final Set<String> BETWEEN = Set.of("|", "||", "&&", ";", "&");

  private static final Pattern SPAN = Pattern.compile("(?<!`)`([^`]+)`(?!`)");
  private static final Pattern WORD = Pattern.compile("(?:[^\\s'\"]|'[^']*'|\"[^\"]*\")+");
  private static final Pattern PROGRAM = Pattern.compile("(?:\\./)?portcullis");

  /// What begins a line before a command: a prompt, another user, a variable.
  private static final Pattern BEFORE = Pattern.compile("[$#]|sudo|[A-Z_]+=\\S*");

  /// All in a document: in its blocks of code, and in code within text.
  static List<DocumentCall> in(Path file) throws IOException {
    List<DocumentCall> calls = new ArrayList<>();
    StringBuilder prose = new StringBuilder();
    boolean fenced = !file.toString().endsWith(".md");
    String begun = "";
    int line = 0;
    for (String text : Files.readAllLines(file)) {
      line++;
      if (text.strip().startsWith("```")) {
        fenced = !fenced;
        prose.append('\n');
      } else if (fenced) {
        begun += text.strip();
        if (begun.endsWith("\\")) {
          begun = begun.substring(0, begun.length() - 1) + " ";
        } else {
          add(file + ":" + line, false, begun, calls);
          begun = "";
        }
        prose.append('\n');
      } else {
        prose.append(text).append('\n');
      }
    }
    Matcher spans = SPAN.matcher(prose);
    while (spans.find()) {
      long before = prose.substring(0, spans.start()).lines().count();
      String text = spans.group(1).replace('\n', ' ').replace("\\|", "|");
      add(file + ":" + Math.max(1, before), true, text, calls);
    }
    return calls;
  }

  private static void add(String place, boolean mention, String line, List<DocumentCall> calls) {
    // What Portcullis proposes; and another command in place of a file.
    String typed = line.replaceFirst("^.* can run: ", "").replaceAll("[<$]\\([^)]*\\)", "FILE");
    List<String> words = new ArrayList<>();
    for (String word : WORD.matcher(typed).results().map(MatchResult::group).toList()) {
      if (BETWEEN.contains(word)) {
        addCommand(place, mention, words, calls);
        words.clear();
      } else {
        words.add(word);
      }
    }
    addCommand(place, mention, words, calls);
  }

  private static void addCommand(
      String place, boolean mention, List<String> typed, List<DocumentCall> calls) {
    int at = 0;
    while (at < typed.size() && BEFORE.matcher(typed.get(at)).matches()) {
      at++;
    }
    List<String> words = typed.subList(at, typed.size());
    int program =
        words.isEmpty()
            ? 0
            : PROGRAM.matcher(words.getFirst()).matches()
                ? 1
                : words.size() > 1 && words.subList(0, 2).equals(List.of("kubectl", "seccomp"))
                    ? 2
                    : 0;
    if (program == 0) {
      return;
    }
    List<String> own = new ArrayList<>();
    for (int i = program; i < words.size(); i++) {
      String word = words.get(i);
      if (word.equals("#")) {
        break;
      }
      if (word.endsWith(",")) {
        own.addAll(plain(word.substring(0, word.length() - 1)));
        break;
      } else if (word.matches("\\d?>>?|<")) {
        i++;
      } else if (!word.equals("[options]")) {
        own.addAll(plain(word));
      }
    }
    calls.add(new DocumentCall(place, mention, own));
  }

  /// `[--policy`, `PATH|--cluster]` and `FILE...` without the signs of a synopsis.
  private static List<String> plain(String word) {
    if (word.contains("'") || word.contains("\"")) {
      return List.of(word.replaceAll("['\"]", ""));
    }
    String bare =
        word.replaceFirst("^\\[(?!\\.)", "").replaceFirst("(\\.\\.\\.)?]?(\\.\\.\\.)?$", "");
    return bare.isEmpty() ? List.of() : List.of(bare.split("\\|(?=--)", -1));
  }
}
