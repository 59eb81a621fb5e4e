package dev.portcullis.documents;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/// JSON of RFC 8259: one value, or several one after the other.
final class JsonReader {
  /// Without the parser's own table of names, which all documents of the process share: anyone who
  /// may name keys fills it with what stays, and chooses names of one hash, after which no document
  /// is accepted any more. Bytes and depth are counted here; of its limits that of a number (1,000
  /// digits) is left.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final Limits limits;
  private final @Nullable UnreadList unread;
  private final @Nullable Layout layout;
  private int values;

  /// The names in this document, each once: a list has the same ones in every object.
  private final Map<String, String> names = new HashMap<>();

  /// @param unread a list that is left out; null where all are read
  /// @param layout where the places of values are noted; null where they are not asked for
  JsonReader(Limits limits, @Nullable UnreadList unread, @Nullable Layout layout) {
    this.limits = limits;
    this.unread = unread;
    this.layout = layout;
  }

  List<Value> read(String text) throws MalformedException {
    if (layout != null) {
      layout.begin(text, true);
    }
    List<Value> documents = new ArrayList<>();
    parse(
        text,
        parser -> {
          while (parser.nextToken() != null) {
            documents.add(value(parser, 1));
          }
        });
    return documents;
  }

  /// Takes the tokens of a text.
  interface Tokens {
    void read(JsonParser parser) throws MalformedException;
  }

  /// Lets the tokens of a text be read; what the parser finds wrong becomes ours.
  static void parse(String text, Tokens tokens) throws MalformedException {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      tokens.read(parser);
    } catch (StreamReadException e) {
      throw new MalformedException(
          position(e.getLocation()),
          "not JSON: " + JsonMistake.words(text, e.getLocation(), e.getOriginalMessage()));
    } catch (StreamConstraintsException e) {
      TokenStreamLocation at = e.getLocation();
      throw new MalformedException(
          at == null ? Position.NONE : position(at), "a number of more than 1,000 digits");
    }
  }

  private Value value(JsonParser parser, int depth) throws MalformedException {
    Position at = position(parser.currentTokenLocation());
    if (++values > limits.values()) {
      throw new MalformedException(at, "more than " + limits.values() + " values");
    }
    int start = layout == null ? 0 : offset(parser);
    Value value = value(parser, at, depth);
    if (layout != null) {
      layout.put(value, extent(layout.text(), start, parser, value));
    }
    return value;
  }

  private static int offset(JsonParser parser) {
    return Math.toIntExact(parser.currentTokenLocation().getCharOffset());
  }

  private static Extent extent(String text, int start, JsonParser parser, Value value) {
    return switch (value) {
      // The parser stands at the bracket that closes it.
      case Mapping _, Sequence _ -> new Extent(start, offset(parser) + 1, Extent.Form.FLOW);
      case Value.Text _, Value.Numeral _, Value.Truth _, Value.Null _ ->
          new Extent(start, scalarEnd(text, start), Extent.Form.SCALAR);
    };
  }

  /// The end of a string, or of a word.
  private static int scalarEnd(String text, int start) {
    int at = start + 1;
    if (text.charAt(start) != '"') {
      while (at < text.length() && " \t\r\n,]}".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return at;
    }
    while (text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private Value value(JsonParser parser, Position at, int depth) throws MalformedException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> mapping(parser, at, deeper(at, depth));
      case START_ARRAY -> sequence(parser, at, deeper(at, depth));
      case VALUE_STRING -> new Value.Text(at, parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Value.Numeral(at, parser.getString());
      case VALUE_TRUE -> new Value.Truth(at, true);
      case VALUE_FALSE -> new Value.Truth(at, false);
      case VALUE_NULL -> new Value.Null(at);
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("a value cannot begin with " + parser.currentToken());
    };
  }

  private int deeper(Position at, int depth) throws MalformedException {
    requireDepth(depth, limits, at);
    return depth + 1;
  }

  static void requireDepth(int depth, Limits limits, Position at) throws MalformedException {
    if (depth > limits.depth()) {
      throw new MalformedException(at, "nested more than " + limits.depth() + " levels deep");
    }
  }

  private Mapping mapping(JsonParser parser, Position at, int depth) throws MalformedException {
    Entries.Builder entries = new Entries.Builder();
    List<Layout.EntryExtent> written = layout == null ? List.of() : Layout.collector();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = names.computeIfAbsent(parser.currentName(), name -> name);
      Position keyAt = position(parser.currentTokenLocation());
      int keyStart = layout == null ? 0 : offset(parser);
      parser.nextToken();
      if (isUnread(parser, key)) {
        parser.skipChildren();
        continue;
      }
      Mapping.Entry first = entries.get(key);
      if (first != null) {
        throw YamlReader.duplicate(key, keyAt, first.keyAt());
      }
      Value value = value(parser, depth);
      entries.add(key, new Mapping.Entry(keyAt, value));
      if (layout != null) {
        written.add(written(layout, key, keyStart, value));
      }
    }
    Mapping mapping = new Mapping(at, entries.done());
    if (layout != null) {
      layout.put(mapping, written);
    }
    return mapping;
  }

  private boolean isUnread(JsonParser parser, String key) {
    return unread != null
        && parser.currentToken() == JsonToken.START_ARRAY
        && key.equals(unread.key())
        // The list, the object that has it, and the one that has that.
        && unread.holder().equals(parser.streamReadContext().getParent().getParent().currentName());
  }

  private static Layout.EntryExtent written(Layout layout, String key, int keyStart, Value value) {
    Extent extent = layout.extent(value);
    if (extent == null) {
      throw new IllegalStateException("a value without a place: " + key);
    }
    return new Layout.EntryExtent(key, false, keyStart, scalarEnd(layout.text(), keyStart), extent);
  }

  private Sequence sequence(JsonParser parser, Position at, int depth) throws MalformedException {
    List<Value> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser, depth));
    }
    return new Sequence(at, items);
  }

  static Position position(TokenStreamLocation location) {
    return new Position(location.getLineNr(), location.getColumnNr());
  }
}
