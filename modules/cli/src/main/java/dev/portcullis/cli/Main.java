package dev.portcullis.cli;

import dev.portcullis.cli.print.Output;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.kernel.libc.OutputPipe;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.List;

/// The process `portcullis`.
final class Main {
  private Main() {}

  static void main(String[] args) {
    int code = run(List.of(args));
    // Not exit: since JDK 21 it asks for a logger, and the search opens every jar we have.
    // Shutdown hooks are for signals alone: a verb that returns has cleaned up, and has waited
    // for a hook that is at work.
    Runtime.getRuntime().halt(code);
  }

  static int run(List<String> args) {
    Output output =
        new Output(
            new FileOutputStream(FileDescriptor.out),
            () -> OutputPipe.hasNoReader(OutputPipe.STANDARD_OUTPUT));
    Terminal terminal = Terminal.ofProcess(System.in, output, System.err, System.getenv());
    return Cli.run(args, output, terminal);
  }
}
