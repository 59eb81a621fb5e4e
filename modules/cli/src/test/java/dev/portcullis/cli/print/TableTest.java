package dev.portcullis.cli.print;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.cli.print.Table.Cell;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {

  private static String printed(Table table, Colour colour) {
    return printed(table, colour, Integer.MAX_VALUE);
  }

  private static String printed(Table table, Colour colour, int limit) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, false, UTF_8)) {
      table.print(out, colour, limit);
    }
    return bytes.toString(UTF_8);
  }

  @Test
  void columnsAlignAndLinesEndWithoutBlanks() {
    Table table = new Table("POD", "PROFILE").row("a-long-name", "x").row("b", "").row("", "y");
    assertThat(printed(table, Colour.OFF))
        .isEqualTo(
            """
            POD          PROFILE
            a-long-name  x
            b
                         y
            """);
  }

  @Test
  void wideAndCombiningCharactersTakeTheirRealWidth() {
    Table table = new Table("A", "B").row("世界", "1").row("🚀", "2").row("e\u0301a", "3");
    assertThat(printed(table, Colour.OFF)).isEqualTo("A     B\n世界  1\n🚀    2\ne\u0301a    3\n");
  }

  @Test
  void paintDoesNotMoveColumns() {
    Table table =
        new Table("A", "B").row(new Cell("ok", Paint.GOOD), Cell.of("1")).row("refused", "2");
    assertThat(printed(table, new Colour(true)))
        .isEqualTo(
            """
            \u001b[1mA\u001b[0m        \u001b[1mB\u001b[0m
            \u001b[32mok\u001b[0m       1
            refused  2
            """);
  }

  @Test
  void cellsCannotWriteToTheTerminal() {
    assertThat(printed(new Table("A").row("\u001b[31mx\n"), new Colour(true)))
        .endsWith("\n\\x1b[31mx\\x0a\n");
  }

  @Test
  void whereTheTerminalEndsTextGoesOnBelow() {
    Table table =
        new Table("POD", "PROFILE", "X")
            .row("default/web", "localhost/team/web.json", "y")
            .row("default/other", "unconfined", "z");
    assertThat(printed(table, Colour.OFF, 30))
        .isEqualTo(
            """
            POD           PROFILE        X
            default/web   localhost/     y
                          team/web.json
            default/      unconfined     z
            other
            """);
    assertThat(printed(table, Colour.OFF, 41)).doesNotContain("\n  ");
  }

  /// A column that can be broken between words gives way to one that cannot.
  @Test
  void noWordIsCutWhereAnotherColumnCanBeNarrower() {
    Table table =
        new Table("POD", "ORIGIN", "WHY")
            .row("default/web", "pod-annotation", "a b c d e f g h i j k l m n o p q r");
    assertThat(printed(table, Colour.OFF, 36))
        .isEqualTo(
            """
            POD         ORIGIN       WHY
            default/    pod-         a b c d e f
            web         annotation   g h i j k l
                                     m n o p q r
            """);
    assertThat(printed(table, Colour.OFF, 26))
        .contains("pod-        ")
        .contains("annotation  ")
        .contains("default/  ");
  }

  @Test
  void nothingIsWiderThanTheTerminalAndNothingIsLeftOut() {
    Table table =
        new Table("A", "B", "C").row("世界".repeat(20), "x".repeat(70), "a b ".repeat(30).strip());
    for (int limit : new int[] {20, 40, 80, 140}) {
      String printed = printed(table, Colour.OFF, limit);
      assertThat(printed.lines()).allMatch(line -> DisplayWidth.of(line) <= limit);
      assertThat(printed.codePoints().filter(c -> c == 'x')).hasSize(70);
      assertThat(printed.codePoints().filter(c -> c == '世')).hasSize(20);
      assertThat(printed.codePoints().filter(c -> c == 'b')).hasSize(30);
    }
  }

  @Test
  void aRowMustFit() {
    assertThatThrownBy(() -> new Table("A", "B").row("1"))
        .hasMessage("a row of 1 cells under 2 headings");
  }

  @Test
  void widthsOfText() {
    assertThat(DisplayWidth.of("abc")).isEqualTo(3);
    assertThat(DisplayWidth.of("\u001b[1;31mabc\u001b[0m")).isEqualTo(3);
    assertThat(DisplayWidth.of("\u001b[")).isZero();
    assertThat(DisplayWidth.of("ｆｕｌｌ")).isEqualTo(8);
    assertThat(DisplayWidth.of("한\u200d")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "true, xterm, -, true",
        "false, xterm, -, false",
        "true, dumb, -, false",
        "true, -, -, false",
        "true, xterm, 1, false",
        "true, xterm, '', true"
      },
      nullValues = "-")
  void colourOnlyWhereItIsWanted(boolean terminal, String term, String noColour, boolean on) {
    Map<String, String> environment = new java.util.HashMap<>();
    if (term != null) {
      environment.put("TERM", term);
    }
    if (noColour != null) {
      environment.put("NO_COLOR", noColour);
    }
    assertThat(Colour.decide(terminal, environment)).isEqualTo(new Colour(on));
  }

  @Test
  void paintOnlyWhereThereIsColour() {
    assertThat(Colour.OFF.paint(Paint.BAD, "x")).isEqualTo("x");
    assertThat(new Colour(true).paint(Paint.BAD, "x")).isEqualTo("\u001b[31mx\u001b[0m");
    assertThat(new Colour(true).paint(Paint.BAD, "")).isEmpty();
  }
}
