package dev.portcullis.report;

import java.util.List;

/// Parts of sentences that numbers change.
final class Words {
  private static final int LONGEST_NAME = 120;

  private Words() {}

  /// `1 container`, `5,000 containers`.
  static String count(long number, String thing) {
    return number(number) + " " + thing + (number == 1 ? "" : "s");
  }

  /// `5,000`
  static String number(long number) {
    StringBuilder text = new StringBuilder(Long.toString(number));
    for (int at = text.length() - 3; at > 0; at -= 3) {
      text.insert(at, ',');
    }
    return text.toString();
  }

  /// The verb for a number of things.
  static String verb(long number, String one, String many) {
    return number == 1 ? one : many;
  }

  /// The first of some things, and how many more there are.
  static String list(List<String> things, int most) {
    int shown = Math.min(most, things.size());
    return String.join(", ", things.subList(0, shown))
        + (things.size() > shown ? " and " + number(things.size() - shown) + " more" : "");
  }

  /// A long name with its middle left out: its beginning and its end tell it from others.
  static String shortened(String name) {
    return shortened(name, LONGEST_NAME);
  }

  /// The same of any text.
  ///
  /// @param longest in code points
  static String shortened(String text, int longest) {
    if (text.length() <= longest || text.codePointCount(0, text.length()) <= longest) {
      return text;
    }
    int head = longest * 3 / 4;
    return text.substring(0, text.offsetByCodePoints(0, head))
        + "…"
        + text.substring(text.offsetByCodePoints(text.length(), head - longest + 1));
  }
}
