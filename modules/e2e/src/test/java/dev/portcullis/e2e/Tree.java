package dev.portcullis.e2e;

import dev.portcullis.documents.Documents;
import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.ParseResult;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A document that a test looks into. What is not there, or is of another kind, ends the test.
record Tree(Mapping mapping) {

  /// Every document of a file.
  static List<Tree> all(Path file) throws IOException {
    return all(Files.readAllBytes(file));
  }

  static List<Tree> all(byte[] content) {
    return switch (Documents.read(content, Limits.MANIFEST)) {
      case ParseResult.Documents(List<Value> values) ->
          values.stream().map(value -> new Tree((Mapping) value)).toList();
      case ParseResult.Malformed malformed -> throw new AssertionError(malformed);
    };
  }

  /// The only document.
  static Tree of(byte[] content) {
    return all(content).getFirst();
  }

  boolean has(String key) {
    return mapping.present(key) != null;
  }

  private Value value(String key) {
    Value value = mapping.present(key);
    if (value == null) {
      throw new AssertionError("no " + key + " in " + mapping.entries().keySet());
    }
    return value;
  }

  /// The object under some keys, one below the other.
  Tree at(String... keys) {
    Tree at = this;
    for (String key : keys) {
      at = new Tree((Mapping) at.value(key));
    }
    return at;
  }

  /// What a string, a number or a boolean says.
  String text(String key) {
    return text(value(key));
  }

  private static String text(Value value) {
    return switch (value) {
      case Value.Text(_, String text) -> text;
      case Value.Numeral(_, String literal) -> literal;
      case Value.Truth(_, boolean truth) -> String.valueOf(truth);
      case Value.Null _ -> "null";
      case Mapping _, Sequence _ -> throw new AssertionError("no scalar: " + value);
    };
  }

  List<String> texts(String key) {
    return items(key).stream().map(Tree::text).toList();
  }

  List<Tree> objects(String key) {
    return items(key).stream().map(item -> new Tree((Mapping) item)).toList();
  }

  private List<Value> items(String key) {
    return ((Sequence) value(key)).items();
  }

  List<String> keys() {
    return List.copyOf(mapping.entries().keySet());
  }
}
