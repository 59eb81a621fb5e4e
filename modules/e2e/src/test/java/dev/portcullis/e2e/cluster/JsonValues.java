package dev.portcullis.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What an API server answers. What is not there is empty.
final class JsonValues {
  /// Of thousands of objects.
  private static final Limits LIMITS = new Limits(512 * 1024 * 1024, 200, 100_000_000);

  private static final Value NOTHING = new Mapping(Position.NONE, Map.of());

  private JsonValues() {}

  static Value read(String json) throws IOException {
    return switch (Documents.readJson(json.getBytes(UTF_8), LIMITS)) {
      case ParseResult.Documents(List<Value> values) -> values.getFirst();
      case ParseResult.Malformed(Position at, String message) ->
          throw new IOException("no JSON: " + at + ": " + message);
    };
  }

  /// The value under a key.
  static Value at(Value value, String key) {
    Value found = value instanceof Mapping object ? object.present(key) : null;
    return found == null ? NOTHING : found;
  }

  static List<Value> items(Value value) {
    return value instanceof Sequence list ? list.items() : List.of();
  }

  /// What a scalar says.
  static String text(Value value) {
    return switch (value) {
      case Value.Text(_, String text) -> text;
      case Value.Numeral(_, String literal) -> literal;
      case Value.Truth(_, boolean truth) -> String.valueOf(truth);
      case Value.Null _, Mapping _, Sequence _ -> "";
    };
  }

  /// As kubectl prints it: objects as JSON, their keys in order.
  static String printed(Value value) {
    return value instanceof Mapping || value instanceof Sequence
        ? JsonWriter.compact(sorted(value))
        : text(value);
  }

  private static Value sorted(Value value) {
    return switch (value) {
      case Mapping(Position at, Map<String, Mapping.Entry> entries) -> {
        Map<String, Mapping.Entry> inOrder = new LinkedHashMap<>();
        new TreeMap<>(entries)
            .forEach((key, entry) ->
                inOrder.put(key, new Mapping.Entry(entry.keyAt(), sorted(entry.value()))));
        yield new Mapping(at, inOrder);
      }
      case Sequence(Position at, List<Value> items) ->
          new Sequence(at, items.stream().map(JsonValues::sorted).toList());
      default -> value;
    };
  }
}
