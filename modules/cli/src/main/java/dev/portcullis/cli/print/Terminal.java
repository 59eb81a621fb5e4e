package dev.portcullis.cli.print;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Where a verb reads and writes.
///
/// @param out what was asked for; on a terminal each line appears at once, elsewhere when it is
///   flushed, at the latest at the end
/// @param err everything else: progress, notes, errors
/// @param colour how `out` is painted
/// @param errColour how `err` is painted
/// @param columns of the terminal; 0 where that is unknown, and lines may be as long as they are
/// @param environment the variables of the process
public record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Colour colour,
    Colour errColour,
    int columns,
    Map<String, String> environment) {
  private static final int USUAL_WIDTH = 80;
  private static final int NARROWEST = 40;

  /// Set by the launcher where kubectl has started it under the name of a plugin.
  private static final String PLUGIN = "PORTCULLIS_KUBECTL_PLUGIN";

  /// The terminal of this process. Text leaves as UTF-8 whatever the locale says: what would be
  /// lost in another encoding would be lost in silence.
  public static Terminal ofProcess(
      InputStream in, Output out, PrintStream err, Map<String, String> environment) {
    boolean terminal = isTerminal(1);
    return new Terminal(
        in,
        new PrintStream(out, terminal, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Colour.decide(terminal, environment),
        Colour.decide(isTerminal(2), environment),
        columns(environment),
        environment);
  }

  /// One on which standard output is standard error.
  public Terminal toError() {
    return new Terminal(in, err, err, errColour, errColour, columns, environment);
  }

  /// One with lines of any length.
  public Terminal unbounded() {
    return new Terminal(in, out, err, colour, errColour, Integer.MAX_VALUE, environment);
  }

  /// One that is painted as its user asks.
  public Terminal painted(Colour both) {
    return new Terminal(in, out, err, both, both, columns, environment);
  }

  /// The columns that running text is broken at.
  public int width() {
    return columns == 0 ? USUAL_WIDTH : columns;
  }

  /// The columns that nothing may be wider than.
  public int limit() {
    return columns == 0 ? Integer.MAX_VALUE : columns;
  }

  /// What the user types to call this program.
  public String program() {
    return environment.getOrDefault(PLUGIN, "").isEmpty() ? "portcullis" : "kubectl seccomp";
  }

  /// The kernel links a descriptor to its device. Terminals are /dev/pts/N, /dev/ttyN and
  /// /dev/console; pipes, sockets and files are not below those. The path is resolved by java.io
  /// because the JVM has it at hand, as it does not have java.nio.file.
  private static boolean isTerminal(int descriptor) {
    try {
      String device = new File("/proc/self/fd/" + descriptor).getCanonicalPath();
      return device.startsWith("/dev/pts/")
          || device.startsWith("/dev/tty")
          || device.equals("/dev/console");
    } catch (IOException unknown) {
      return false;
    }
  }

  /// The launcher asks the terminal, where there is one; shells do not pass `COLUMNS` on.
  private static int columns(Map<String, String> environment) {
    String columns = environment.getOrDefault("COLUMNS", "");
    if (columns.isEmpty() || columns.length() > 4) {
      return 0;
    }
    int width = 0;
    for (int i = 0; i < columns.length(); i++) {
      char digit = columns.charAt(i);
      if (digit < '0' || digit > '9') {
        return 0;
      }
      width = width * 10 + (digit - '0');
    }
    return width == 0 ? 0 : Math.max(width, NARROWEST);
  }
}
