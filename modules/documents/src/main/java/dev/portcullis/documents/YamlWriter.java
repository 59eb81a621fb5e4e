package dev.portcullis.documents;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.emitter.Emitter;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.ImplicitTuple;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.events.StreamStartEvent;

/// Writes values as YAML that every reader takes for the same values: in block style, in ASCII, and
/// with quotes around every string that one of them could take for something else.
public final class YamlWriter {
  /// Strings without quotes: words that begin with a letter. A date, `0777`, `1_0`, `~`, `.inf`,
  /// `=` and `<<` do not; those that do and mean something (`y`, `off`, `null`) are known to {@link
  /// PlainScalar}.
  private static final Pattern WORD =
      Pattern.compile("[A-Za-z]([A-Za-z0-9_./@*+:-]*[A-Za-z0-9_./@*+-])?");

  /// go-yaml v2 takes no longer key without `?` (`max_simple_key_length` in its scanner).
  private static final int LONGEST_KEY = 1024;

  private static final int COMMENT_WIDTH = 100;

  private YamlWriter() {}

  /// A document of a stream.
  ///
  /// @param comments stand above it, each on lines of its own; an empty one is an empty line of
  ///   comment
  public record Document(List<String> comments, Value value) {
    public Document {
      comments = List.copyOf(comments);
    }
  }

  /// One document, with a newline at the end.
  public static String write(Value value) {
    StringBuilder text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  /// Documents, one after the other.
  public static String stream(List<Document> documents) {
    StringBuilder text = new StringBuilder();
    for (Document document : documents) {
      if (!text.isEmpty()) {
        text.append("---\n");
      }
      document.comments().forEach(comment -> comment(comment, text));
      write(document.value(), text);
    }
    return text.toString();
  }

  private static void write(Value value, StringBuilder text) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setUseUnicodeEncoding(false)
            .setSplitLines(false)
            .setMaxSimpleKeyLength(LONGEST_KEY)
            .build();
    Emitter emitter = new Emitter(settings, new Text(text));
    emitter.emit(new StreamStartEvent());
    emitter.emit(new DocumentStartEvent(false, Optional.empty(), Map.of()));
    emit(value, emitter);
    emitter.emit(new DocumentEndEvent(false));
    emitter.emit(new StreamEndEvent());
  }

  private record Text(StringBuilder text) implements StreamDataWriter {
    @Override
    public void write(String part) {
      text.append(part);
    }

    @Override
    public void write(String part, int from, int length) {
      text.append(part, from, from + length);
    }
  }

  private static void emit(Value value, Emitter out) {
    switch (value) {
      case Mapping mapping -> {
        out.emit(new MappingStartEvent(Optional.empty(), Optional.empty(), true, FlowStyle.BLOCK));
        for (Map.Entry<String, Mapping.Entry> entry : mapping.entries().entrySet()) {
          string(entry.getKey(), out);
          emit(entry.getValue().value(), out);
        }
        out.emit(new MappingEndEvent());
      }
      case Sequence sequence -> {
        out.emit(new SequenceStartEvent(Optional.empty(), Optional.empty(), true, FlowStyle.BLOCK));
        for (Value item : sequence.items()) {
          emit(item, out);
        }
        out.emit(new SequenceEndEvent());
      }
      case Value.Text text -> string(text.value(), out);
      case Value.Numeral numeral -> scalar(numeral.literal(), ScalarStyle.PLAIN, out);
      case Value.Truth truth -> scalar(Boolean.toString(truth.value()), ScalarStyle.PLAIN, out);
      case Value.Null _ -> scalar("null", ScalarStyle.PLAIN, out);
    }
  }

  /// A string on one line: without quotes where every reader takes it for a string, in braces too.
  static String text(String text) {
    return isPlain(text) ? text : quoted(text);
  }

  /// A string on one line, in double quotes and in ASCII.
  static String quoted(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    text.codePoints()
        .forEach(each -> {
          if (each == '"' || each == '\\') {
            out.append('\\').append((char) each);
          } else if (each >= ' ' && each < 0x7f) {
            out.append((char) each);
          } else {
            out.append((each > 0xffff ? "\\U%08x" : "\\u%04x").formatted(each));
          }
        });
    return out.append('"').toString();
  }

  private static boolean isPlain(String text) {
    return WORD.matcher(text).matches()
        && PlainScalar.resolve(text, Position.NONE) instanceof Value.Text;
  }

  private static void string(String text, Emitter out) {
    boolean plain = isPlain(text);
    scalar(text, plain ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED, out);
  }

  private static void scalar(String text, ScalarStyle style, Emitter out) {
    out.emit(
        new ScalarEvent(
            Optional.empty(), Optional.empty(), new ImplicitTuple(true, true), text, style));
  }

  /// A comment, broken between words. Whatever could end its line, or hide on a terminal, is shown
  /// by its number: YAML 1.1 breaks lines at U+0085, U+2028 and U+2029, too.
  private static void comment(String comment, StringBuilder text) {
    StringBuilder line = new StringBuilder("#");
    for (String word : ascii(comment).split(" ", -1)) {
      if (line.length() > 1 && line.length() + 1 + word.length() > COMMENT_WIDTH) {
        text.append(line).append('\n');
        line.setLength(1);
      }
      if (!word.isEmpty()) {
        line.append(' ').append(word);
      }
    }
    text.append(line).append('\n');
  }

  private static String ascii(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7f) {
        out.append(c);
      } else {
        out.append("\\u").append("%04x".formatted((int) c));
      }
    }
    return out.toString();
  }
}
