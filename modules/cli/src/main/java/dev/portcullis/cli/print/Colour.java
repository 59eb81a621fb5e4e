package dev.portcullis.cli.print;

import java.util.Map;

/// Whether text is coloured, and how.
public record Colour(boolean on) {
  public static final Colour OFF = new Colour(false);

  private static final String END = "\u001b[0m";

  /// Colour on a terminal, unless its user (`NO_COLOR`, see no-color.org) or its kind (`TERM=dumb`)
  /// says otherwise.
  public static Colour decide(boolean terminal, Map<String, String> environment) {
    return new Colour(
        terminal
            && environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "dumb").equals("dumb"));
  }

  /// The text in the paint, or as it is where colour is off. It must be escaped already.
  public String paint(Paint paint, String text) {
    return on && paint != Paint.PLAIN && !text.isEmpty() ? paint.start() + text + END : text;
  }
}
