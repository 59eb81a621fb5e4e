package dev.portcullis.cli.result;

import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.YamlWriter;

/// A result, for people and for programs.
public interface Report {
  /// For people.
  void table(Terminal terminal);

  /// For programs. A schema in docs/schemas/ describes it.
  Mapping document();

  /// Prints it in one of the forms.
  default void print(OutputFormat format, Terminal terminal) {
    switch (format) {
      case TABLE -> table(terminal);
      case WIDE -> table(terminal.unbounded());
      case JSON -> terminal.out().println(JsonWriter.pretty(document()));
      case YAML -> terminal.out().print(YamlWriter.write(document()));
    }
  }
}
