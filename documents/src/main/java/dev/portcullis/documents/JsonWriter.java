package dev.portcullis.documents;

import java.io.StringWriter;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// Writes a value as JSON.
public final class JsonWriter {
  /// One for all: making one costs more than writing a small value.
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonWriter() {}

  /// JSON without blanks, on one line.
  public static String compact(Value value) {
    return write(value, ObjectWriteContext.empty());
  }

  /// JSON for people, two blanks a level, without a newline at the end.
  public static String pretty(Value value) {
    return write(value, new Indented());
  }

  private static String write(Value value, ObjectWriteContext context) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(context, text)) {
      write(value, generator);
    }
    return text.toString();
  }

  private static void write(Value value, JsonGenerator out) {
    switch (value) {
      case Mapping mapping -> {
        out.writeStartObject();
        for (Map.Entry<String, Mapping.Entry> entry : mapping.entries().entrySet()) {
          out.writeName(entry.getKey());
          write(entry.getValue().value(), out);
        }
        out.writeEndObject();
      }
      case Sequence sequence -> {
        out.writeStartArray();
        for (Value item : sequence.items()) {
          write(item, out);
        }
        out.writeEndArray();
      }
      case Value.Text text -> out.writeString(text.value());
      case Value.Numeral numeral -> out.writeNumber(numeral.literal());
      case Value.Truth truth -> out.writeBoolean(truth.value());
      case Value.Null _ -> out.writeNull();
    }
  }

  private static final class Indented extends ObjectWriteContext.Base {
    @Override
    public boolean hasPrettyPrinter() {
      return true;
    }

    @Override
    public PrettyPrinter getPrettyPrinter() {
      return new DefaultPrettyPrinter().withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
    }
  }
}
