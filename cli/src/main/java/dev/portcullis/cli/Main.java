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
    System.exit(Cli.run(List.of(args), output, terminal));
  }
}
