package dev.portcullis.documents;

import java.io.StringWriter;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// Writes a value as JSON. Characters that show nothing, end a line or turn the direction of text
/// are written as escapes: a name from outside cannot change what a terminal or an editor shows.
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
    return escaped(text.toString());
  }

  /// Jackson escapes what JSON wants escaped: what is below a blank. All else of a text that is not
  /// ASCII stands in a string.
  private static String escaped(String json) {
    StringBuilder out = null;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c < 0x7f || !isHidden(json, i)) {
        if (out != null) {
          out.append(c);
        }
        continue;
      }
      if (out == null) {
        out = new StringBuilder(json.length() + 16).append(json, 0, i);
      }
      out.append("\\u").append("%04X".formatted((int) c));
    }
    return out == null ? json : out.toString();
  }

  /// Whether a character, of which this may be one half, is not shown itself in its place.
  private static boolean isHidden(String text, int index) {
    boolean second = Character.isLowSurrogate(text.charAt(index)) && index > 0;
    int point =
        second && Character.isHighSurrogate(text.charAt(index - 1))
            ? text.codePointBefore(index + 1)
            : text.codePointAt(index);
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
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
