package dev.portcullis.cli;

import dev.portcullis.cli.print.Output;
import dev.portcullis.cli.print.Terminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.List;

/// The process `portcullis`.
final class Main {
  private Main() {}

  static void main(String[] args) {
    Output output = new Output(new FileOutputStream(FileDescriptor.out));
    Terminal terminal = Terminal.ofProcess(System.in, output, System.err, System.getenv());
    int code = Cli.run(List.of(args), output, terminal);
    // Not exit: since JDK 21 it asks for a logger, and the search opens every jar of the class path.
    // A verb that returns has cleaned up; what it leaves to a shutdown hook is for signals alone, and
    // a hook that is at work must be waited for before the verb returns.
    Runtime.getRuntime().halt(code);
  }
}
