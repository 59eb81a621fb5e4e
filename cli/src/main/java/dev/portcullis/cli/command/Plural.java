package dev.portcullis.cli.command;

/// Things, counted in words.
final class Plural {
  private Plural() {}

  static String of(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }
}
