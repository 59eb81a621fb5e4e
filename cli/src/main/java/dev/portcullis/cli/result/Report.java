package dev.portcullis.cli.result;

import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.print.Terminal;

/// A result, for people and for programs.
public interface Report {
  /// For people.
  void table(Terminal terminal);

  /// For programs: one document.
  String json();

  /// Prints it in one of the two forms.
  default void print(OutputFormat format, Terminal terminal) {
    switch (format) {
      case TABLE -> table(terminal);
      case JSON -> terminal.out().println(json());
    }
  }
}
