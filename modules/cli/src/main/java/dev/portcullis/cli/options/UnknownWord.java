package dev.portcullis.cli.options;

import java.util.List;

/// Where a word is none of a few: the one message for it.
public final class UnknownWord {
  private UnknownWord() {}

  /// `--color: "nevr" is not known; use auto, always or never; did you mean never?`
  ///
  /// @param what is given the word: an option as it stands on the command line, or a verb
  public static UsageException of(String what, String word, List<String> known) {
    return new UsageException(
        what
            + ": \""
            + word
            + "\" is not known; use "
            + choice(known)
            + NearestOption.hint(word, "", known));
  }

  /// `a, b or c`
  public static String choice(List<String> words) {
    int last = words.size() - 1;
    return last == 0
        ? words.getFirst()
        : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }
}
