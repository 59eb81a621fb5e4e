package dev.portcullis.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EscapeTest {

  /// The escape of a character above 0xff; javac would read it in a literal.
  private static String shown(String number) {
    return "\\" + "u{" + number + "}";
  }

  @Test
  void whatPrintsItselfStays() {
    for (String text : new String[] {"", "localhost/a b.json", "Grüße, 世界 🚀 é\\x"}) {
      assertThat(Escape.line(text)).isEqualTo(text);
    }
    String plain = "explorer";
    assertThat(Escape.line(plain)).isSameAs(plain);
  }

  @Test
  void controlsAreShown() {
    assertThat(Escape.line("a\u001b[2Jb\u0007")).isEqualTo("a\\x1b[2Jb\\x07");
    assertThat(Escape.line("\u007f\u009b31m\r\n\t\0"))
        .isEqualTo("\\x7f\\x9b31m\\x0d\\x0a\\x09\\x00");
    assertThat(Escape.block("a\n\tb\r")).isEqualTo("a\n\tb\\x0d");
  }

  @Test
  void whatTurnsOrHidesTextIsShown() {
    assertThat(Escape.line("un\u202econfined\u2066"))
        .isEqualTo("un" + shown("202e") + "confined" + shown("2066"));
    assertThat(Escape.line("a\u200bb\ufeff\u00ad"))
        .isEqualTo("a" + shown("200b") + "b" + shown("feff") + "\\xad");
    assertThat(Escape.line("a\u2028b\u00a0\u3164"))
        .isEqualTo("a" + shown("2028") + "b\\xa0" + shown("3164"));
    assertThat(Escape.line("\udbff\udfff\ue000")).isEqualTo(shown("10ffff") + shown("e000"));
  }

  @Test
  void halfACharacterIsShown() {
    assertThat(Escape.line("x\ud83dy\ude80")).isEqualTo("x" + shown("d83d") + "y" + shown("de80"));
  }

  /// The positive control of all: no text leaves with a character that a terminal obeys.
  @Test
  void nothingThatATerminalObeysIsLeft() {
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      String shown = Escape.line(Character.toString(point));
      assertThat(shown.codePoints().noneMatch(Character::isISOControl))
          .as("U+%04x", point)
          .isTrue();
    }
  }
}
