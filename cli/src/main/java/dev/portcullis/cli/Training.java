package dev.portcullis.cli;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.print.Output;
import dev.portcullis.cli.print.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Does what users do, once, while the JVM writes down what it loads for it: the start-up cache
/// (JEP 514) is made of that. What is not trained here works, and starts slower.
final class Training {
  /// A new verb is trained by a line here. The working directory is the checkout.
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("version"),
          List.of("version", "-o", "json"),
          List.of("help"),
          List.of("help", "version"));

  private Training() {}

  static void main(String[] args) throws IOException, ClassNotFoundException {
    // The cache takes what was loaded; this class takes the place of Main.
    Class.forName("dev.portcullis.cli.Main");
    for (List<String> command : COMMANDS) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      Output output = new Output(bytes);
      Terminal terminal =
          Terminal.ofProcess(
              InputStream.nullInputStream(), output, new PrintStream(bytes), System.getenv());
      int code = Cli.run(command, output, terminal);
      if (code != ExitCode.OK.number() && code != ExitCode.REFUSED.number()) {
        throw new IOException(
            command + " ended with " + code + ": " + bytes.toString(StandardCharsets.UTF_8));
      }
    }
  }
}
