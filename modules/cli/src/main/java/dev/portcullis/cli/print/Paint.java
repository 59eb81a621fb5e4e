package dev.portcullis.cli.print;

/// What a colour means. Nothing is shown by colour alone: the words stay without it.
public enum Paint {
  PLAIN(""),
  HEADING("\u001b[1m"),
  GOOD("\u001b[32m"),
  WARNING("\u001b[33m"),
  BAD("\u001b[31m"),
  FAINT("\u001b[2m"),

  /// Names that stand side by side, as those of containers before the lines of their logs.
  NAME_1("\u001b[36m"),
  NAME_2("\u001b[35m"),
  NAME_3("\u001b[34m"),
  NAME_4("\u001b[33m"),
  NAME_5("\u001b[32m");

  private final String start;

  Paint(String start) {
    this.start = start;
  }

  String start() {
    return start;
  }
}
