package dev.portcullis.cli.result;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.result.FindingSet.Entry;
import dev.portcullis.cli.result.FindingSet.Level;
import dev.portcullis.documents.Position;
import java.util.ArrayList;
import java.util.List;

/// Findings as workflow commands of GitHub Actions, which put a message at its line. What would end
/// a command or a property is escaped as the runner decodes it (`ActionCommand` in actions/runner):
/// `%25`, `%0D`, `%0A`, and in properties `%3A` and `%2C`.
record GithubCommands(FindingSet findings) {
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Diagnostic error : findings.errors()) {
      lines.add(command("error", error.file(), error.at(), "not checked", error.message()));
    }
    for (Entry entry : findings.findings()) {
      String name = entry.subject().name();
      lines.add(
          command(
              word(entry.level()),
              entry.subject().inFile() ? entry.subject().file() : "",
              entry.at(),
              entry.rule(),
              name.isEmpty() ? entry.message() : name + ": " + entry.message()));
    }
    return lines;
  }

  private static String command(
      String word, String file, Position at, String title, String message) {
    StringBuilder command = new StringBuilder("::").append(word).append(' ');
    if (!file.isEmpty() && !file.equals("-")) {
      command.append("file=").append(property(file)).append(',');
      if (at.line() > 0) {
        command.append("line=").append(at.line()).append(",col=").append(at.column()).append(',');
      }
    }
    return command
        .append("title=")
        .append(property("portcullis: " + title))
        .append("::")
        .append(data(message))
        .toString();
  }

  private static String word(Level level) {
    return switch (level) {
      case ERROR -> "error";
      case WARNING -> "warning";
      case NOTE -> "notice";
    };
  }

  private static String data(String text) {
    return Escape.line(text).replace("%", "%25");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
