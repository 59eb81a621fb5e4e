package dev.portcullis.admission.review;

import dev.portcullis.pods.object.GoQuote;

/// What is shown of a text that somebody else wrote a part of: a path in a pod may have a megabyte,
/// and an answer goes to a terminal, a log and the objects of controllers. Webhooks are asked
/// before the API server has looked at names, so they can have anything: line breaks, which would
/// look like lines of the answer's own, and what a terminal acts upon. It is shown by its number.
public final class Excerpt {
  private static final int BEGINNING = 1_500;
  private static final int END = 500;

  private Excerpt() {}

  /// The text on one line, or its beginning and its end, with how much is left out.
  public static String of(String text) {
    return GoQuote.shown(cut(text));
  }

  private static String cut(String text) {
    if (text.length() <= 2 * BEGINNING) {
      return text;
    }
    int from = boundary(text, BEGINNING);
    int to = boundary(text, text.length() - END);
    return text.substring(0, from)
        + " ... ("
        + (to - from)
        + " characters are left out) ... "
        + text.substring(to);
  }

  /// Not within a pair of surrogates.
  private static int boundary(String text, int at) {
    return Character.isLowSurrogate(text.charAt(at)) ? at - 1 : at;
  }
}
