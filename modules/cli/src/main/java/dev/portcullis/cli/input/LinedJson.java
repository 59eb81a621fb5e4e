package dev.portcullis.cli.input;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.util.Map;

/// A part of a document as JSON, each value on the line where it stood: what is reported of the
/// JSON holds for the document.
final class LinedJson {
  private final StringBuilder out = new StringBuilder();
  private int line = 1;

  private LinedJson() {}

  static byte[] write(Value value) {
    LinedJson json = new LinedJson();
    json.value(value);
    return json.out.toString().getBytes(UTF_8);
  }

  /// Goes down to a line. What an alias repeats stands further up, and stays where it is met.
  private void to(Position at) {
    while (line < at.line()) {
      out.append('\n');
      line++;
    }
  }

  private void value(Value value) {
    to(value.at());
    switch (value) {
      case Mapping mapping -> {
        out.append('{');
        String before = "";
        for (Map.Entry<String, Mapping.Entry> entry : mapping.entries().entrySet()) {
          out.append(before);
          to(entry.getValue().keyAt());
          out.append(JsonWriter.compact(new Value.Text(Position.NONE, entry.getKey())))
              .append(": ");
          value(entry.getValue().value());
          before = ", ";
        }
        out.append('}');
      }
      case Sequence sequence -> {
        out.append('[');
        String before = "";
        for (Value item : sequence.items()) {
          out.append(before);
          value(item);
          before = ", ";
        }
        out.append(']');
      }
      case Value.Text _, Value.Numeral _, Value.Truth _, Value.Null _ ->
          out.append(JsonWriter.compact(value));
    }
  }
}
