package dev.portcullis.cli.print;

/// Things, counted in words.
public final class Plural {
  private Plural() {}

  public static String of(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }
}
