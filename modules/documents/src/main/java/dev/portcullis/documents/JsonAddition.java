package dev.portcullis.documents;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Adds to the text of a JSON object, and leaves every other character of it as it is.
public final class JsonAddition {
  private final String text;
  private final String key;
  private @Nullable String added;

  private JsonAddition(String text, String key) {
    this.text = text;
    this.key = key;
  }

  /// Adds an item to the end of a list. One that is absent or `null` is made.
  ///
  /// @param object JSON text: an object that has no key twice
  /// @param key of the list, in the object itself
  /// @param item JSON text
  /// @throws IllegalArgumentException where the text is another, or the key has another value
  public static String toList(String object, String key, String item) {
    JsonAddition addition = new JsonAddition(object, key);
    try {
      JsonReader.parse(
          object,
          parser -> {
            addition.read(parser, item);
            while (parser.nextToken() != null) {
              // To the end, as what follows may be no JSON.
            }
          });
    } catch (MalformedException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
    if (addition.added == null) {
      throw new IllegalArgumentException("not a JSON object");
    }
    return addition.added;
  }

  private void read(JsonParser parser, String item) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return;
    }
    boolean first = true;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      boolean list = key.equals(parser.currentName());
      JsonToken value = parser.nextToken();
      int at = start(parser);
      if (list) {
        add(parser, value, at, item);
        return;
      }
      parser.skipChildren();
      first = false;
    }
    insert(
        start(parser),
        (first ? "" : ",")
            + JsonWriter.compact(new Value.Text(Position.NONE, key))
            + ":["
            + item
            + "]");
  }

  private void add(JsonParser parser, JsonToken value, int at, String item) {
    switch (value) {
      case VALUE_NULL -> added = text.substring(0, at) + "[" + item + "]" + text.substring(at + 4);
      case START_ARRAY -> {
        parser.skipChildren();
        int end = start(parser);
        boolean empty = text.substring(at + 1, end).isBlank();
        insert(end, (empty ? "" : ",") + item);
      }
      default -> throw new IllegalArgumentException("`" + key + "` is not a list");
    }
  }

  /// Behind what is there: the blanks before the bracket stay before the bracket.
  private void insert(int bracket, String more) {
    int at = bracket;
    while (" \t\r\n".indexOf(text.charAt(at - 1)) >= 0) {
      at--;
    }
    added = text.substring(0, at) + more + text.substring(at);
  }

  private static int start(JsonParser parser) {
    return Math.toIntExact(parser.currentTokenLocation().getCharOffset());
  }
}
