package dev.portcullis.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/// What a command line did, run in this process.
record Run(int code, String out, String err) {
  static Run of(String... args) {
    return of(Map.of(), args);
  }

  static Run of(Map<String, String> environment, String... args) {
    return of("", environment, args);
  }

  /// With this text on standard input.
  static Run with(String in, String... args) {
    return of(in, Map.of(), args);
  }

  /// On a terminal of so many columns.
  static Run at(int columns, String... args) {
    return of("", Map.of(), columns, args);
  }

  private static Run of(String in, Map<String, String> environment, String... args) {
    return of(in, environment, 0, args);
  }

  private static Run of(String in, Map<String, String> environment, int columns, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(in.getBytes(UTF_8)),
            new PrintStream(out, false, UTF_8),
            new PrintStream(err, false, UTF_8),
            Colour.OFF,
            Colour.OFF,
            columns,
            environment);
    int code = new Cli(terminal).run(List.of(args));
    return new Run(code, out.toString(UTF_8), err.toString(UTF_8));
  }
}
