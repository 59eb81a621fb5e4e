package dev.portcullis.pods.object;

import java.util.List;
import java.util.stream.Collectors;

/// Words of a command line that somebody will paste into a shell. A part of them was written by the
/// author of a pod.
public final class ShellQuote {
  private ShellQuote() {}

  /// The words with blanks between them, each in single quotes where a POSIX shell would make
  /// something else of it.
  public static String join(List<String> words) {
    return words.stream().map(ShellQuote::quote).collect(Collectors.joining(" "));
  }

  /// Whether a text looks the same on a terminal as it is. What does not is nothing to paste.
  public static boolean isShown(String text) {
    return text.codePoints().allMatch(GoQuote::isPrintable);
  }

  private static String quote(String word) {
    return !word.isEmpty() && word.chars().allMatch(ShellQuote::isPlain)
        ? word
        : "'" + word.replace("'", "'\\''") + "'";
  }

  private static boolean isPlain(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-_./:@,+=".indexOf(c) >= 0;
  }
}
