package dev.portcullis.documents;

import dev.portcullis.documents.GoDecodeResult.Surprise;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// JSON as `json.Unmarshal` of Go decodes it into a new variable, for programs whose reading is to
/// be foretold, and for nothing else.
///
/// Where {@link Documents} refuses, Go guesses: a key need only be a field's name but for its case;
/// of a key that stands twice the last one counts, but structures and lists are decoded on top of
/// those before; what is not a field is skipped; `null` leaves most things as they are. Facts:
/// encoding/json/decode.go of Go 1.19 (`object`, `array`, `literalStore`, `indirect`), in which the
/// issues 21092 (elements of slices are used again) and 14750 (keys in any case) are open.
public final class GoReader {
  static final int MOST_SURPRISES = 50;
  private static final char REPLACEMENT = '\uFFFD';

  private final Limits limits;
  private final List<Surprise> surprises = new ArrayList<>();
  private GoDecodeResult.@Nullable WrongType wrong;
  private int values;

  private GoReader(Limits limits) {
    this.limits = limits;
  }

  /// Reads one value of JSON.
  ///
  /// @param limits Go has none of bytes and values, and 10,000 levels
  /// @param shape of the variable that it is decoded into
  public static GoDecodeResult read(byte[] content, Limits limits, GoShape.Struct shape) {
    return new GoReader(limits).decoding(content, shape);
  }

  private GoDecodeResult decoding(byte[] content, GoShape.Struct shape) {
    if (content.length > limits.bytes()) {
      return new GoDecodeResult.Malformed(
          Position.NONE, "larger than " + limits.bytes() + " bytes (" + content.length + ")");
    }
    GoSlot.Struct variable = new GoSlot.Struct(shape);
    try {
      JsonReader.parse(decode(content), parser -> whole(variable, parser));
    } catch (MalformedException malformed) {
      ParseResult.Malformed reading = malformed.toReading();
      return new GoDecodeResult.Malformed(reading.at(), reading.message());
    }
    return wrong == null
        ? new GoDecodeResult.Decoded(variable.valueAt(Position.NONE), surprises)
        : wrong;
  }

  private void whole(GoSlot variable, JsonParser parser) throws MalformedException {
    if (parser.nextToken() == null) {
      throw new MalformedException(Position.NONE, "the file is empty");
    }
    fill(variable, "the whole", parser, 1);
    if (parser.nextToken() != null) {
      throw new MalformedException(
          JsonReader.position(parser.currentTokenLocation()), "there is text after the end");
    }
  }

  /// Each byte that is not part of a character is replaced, as by Go's `utf8.DecodeRune`; Java's
  /// own decoding replaces several by one.
  private String decode(byte[] content) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(content);
    CharBuffer out = CharBuffer.allocate(content.length);
    boolean replaced = false;
    CoderResult result = decoder.decode(in, out, true);
    while (result.isError()) {
      replaced = true;
      for (int i = 0; i < result.length(); i++) {
        in.get();
        out.put(REPLACEMENT);
      }
      result = decoder.decode(in, out, true);
    }
    if (replaced) {
      surprise(Surprise.Kind.REPLACED, Position.NONE, "", "");
    }
    return out.flip().toString();
  }

  /// @param slot null for what is skipped
  /// @param what the field that it is, for messages
  private void fill(@Nullable GoSlot slot, String what, JsonParser parser, int depth)
      throws MalformedException {
    Position at = JsonReader.position(parser.currentTokenLocation());
    if (++values > limits.values()) {
      throw new MalformedException(at, "more than " + limits.values() + " values");
    }
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        JsonReader.requireDepth(depth, limits, at);
        GoSlot.Struct struct = slot instanceof GoSlot.Struct it ? it : null;
        if (struct == null) {
          refuse(slot, what, at, "an object");
        }
        object(struct, at, parser, depth + 1);
      }
      case START_ARRAY -> {
        JsonReader.requireDepth(depth, limits, at);
        GoSlot.Slice slice = slot instanceof GoSlot.Slice it ? it : null;
        if (slice == null) {
          refuse(slot, what, at, "a list");
        }
        array(slice, what, at, parser, depth + 1);
      }
      case VALUE_STRING -> {
        String text = wellFormed(parser.getString(), at);
        if (slot instanceof GoSlot.Text place) {
          place.set(new Value.Text(at, text));
        } else {
          refuse(slot, what, at, "a string");
        }
      }
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(slot, what, at, parser.getString());
      case VALUE_TRUE, VALUE_FALSE -> refuse(slot, what, at, "a boolean");
      case VALUE_NULL -> {
        if (slot != null) {
          slot.setNull();
        }
      }
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("a value cannot begin with " + parser.currentToken());
    }
  }

  /// A value that does not fit: an error, where it is not skipped anyway.
  private void refuse(@Nullable GoSlot slot, String what, Position at, String found) {
    if (slot != null && wrong == null) {
      wrong =
          new GoDecodeResult.WrongType(
              at, "`" + what + "` must be " + slot.wanted() + ", not " + found);
    }
  }

  private void number(@Nullable GoSlot slot, String what, Position at, String literal) {
    if (slot instanceof GoSlot.Unsigned place && isUnsigned(literal)) {
      place.set(new Value.Numeral(at, literal));
    } else {
      refuse(slot, what, at, "the number " + literal);
    }
  }

  /// What `strconv.ParseUint` takes: `1.0`, `1e2` and `-0` are errors.
  private static boolean isUnsigned(String literal) {
    try {
      Long.parseUnsignedLong(literal);
      return true;
    } catch (NumberFormatException tooLargeOrNotWhole) {
      return false;
    }
  }

  private void object(GoSlot.@Nullable Struct struct, Position at, JsonParser parser, int depth)
      throws MalformedException {
    Set<String> seen = new HashSet<>();
    if (struct != null) {
      struct.begin(at);
    }
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      Position keyAt = JsonReader.position(parser.currentTokenLocation());
      String key = wellFormed(parser.currentName(), keyAt);
      parser.nextToken();
      if (struct == null) {
        fill(null, key, parser, depth);
        continue;
      }
      Optional<String> field = GoKeys.field(key, struct.shape().fields().keySet());
      if (field.isEmpty()) {
        surprise(Surprise.Kind.SKIPPED, keyAt, key, "");
        fill(null, key, parser, depth);
        continue;
      }
      String name = field.get();
      if (!key.equals(name)) {
        surprise(Surprise.Kind.FOLDED, keyAt, key, name);
      }
      if (!seen.add(name)) {
        surprise(Surprise.Kind.TWICE, keyAt, key, name);
      }
      GoShape shape = struct.shape().fields().get(name);
      fill(shape == null ? null : struct.field(name, shape, keyAt), name, parser, depth);
    }
  }

  private void array(
      GoSlot.@Nullable Slice slice, String what, Position at, JsonParser parser, int depth)
      throws MalformedException {
    int length = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      fill(slice == null ? null : slice.item(length), what, parser, depth);
      length++;
    }
    if (slice != null) {
      slice.end(length, at);
    }
  }

  /// A half of a pair of surrogates, which only `\ud800` and the like can make, is replaced.
  private String wellFormed(String text, Position at) {
    if (Documents.isWellFormed(text)) {
      return text;
    }
    surprise(Surprise.Kind.REPLACED, at, "", "");
    return text.codePoints()
        .map(each -> Character.getType(each) == Character.SURROGATE ? REPLACEMENT : each)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private void surprise(Surprise.Kind kind, Position at, String key, String field) {
    if (surprises.size() < MOST_SURPRISES) {
      surprises.add(new Surprise(kind, at, key, field));
    }
  }
}
