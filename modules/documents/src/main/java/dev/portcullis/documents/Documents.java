package dev.portcullis.documents;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads files of Kubernetes objects and of seccomp profiles.
///
/// Stricter than what reads them in a cluster wherever that guesses: a duplicate key, text that is
/// not UTF-8, a value after the end, or more than the {@link Limits} is refused with its place.
public final class Documents {
  private Documents() {}

  /// Reads YAML, or JSON where the first character is `{`, as kubectl tells the two apart: what
  /// begins like JSON and is not may still be YAML in braces.
  public static ParseResult read(byte[] content, Limits limits) {
    return readAny(content, limits, null);
  }

  /// Reads the same, and notes where each value stands.
  ///
  /// @param layout is filled in
  public static ParseResult read(byte[] content, Limits limits, Layout layout) {
    return readAny(content, limits, layout);
  }

  /// Reads JSON and nothing else.
  public static ParseResult readJson(byte[] content, Limits limits) {
    return read(content, limits, null, text -> new JsonReader(limits, null, null).read(text));
  }

  /// Reads the same without some lists. Their text must be JSON, and takes no memory; what is read
  /// is as if they were not there.
  public static ParseResult readJson(byte[] content, Limits limits, UnreadList unread) {
    return read(content, limits, null, text -> new JsonReader(limits, unread, null).read(text));
  }

  private static ParseResult readAny(byte[] content, Limits limits, @Nullable Layout layout) {
    return read(content, limits, layout, text -> jsonOrYaml(text, limits, layout));
  }

  private interface TextReader {
    List<Value> read(String text) throws MalformedException;
  }

  private static ParseResult read(
      byte[] content, Limits limits, @Nullable Layout layout, TextReader reader) {
    try {
      if (content.length > limits.bytes()) {
        throw new MalformedException(
            Position.NONE,
            "larger than "
                + limits.bytes()
                + " bytes ("
                + content.length
                + "); split it into several files");
      }
      String text = decode(content);
      if (layout != null && startsWithByteOrderMark(content)) {
        layout.beginsWithByteOrderMark();
      }
      return new ParseResult.Documents(reader.read(text));
    } catch (MalformedException malformed) {
      return malformed.toReading();
    }
  }

  private static boolean startsWithByteOrderMark(byte[] content) {
    return content.length >= 3
        && content[0] == (byte) 0xef
        && content[1] == (byte) 0xbb
        && content[2] == (byte) 0xbf;
  }

  private static List<Value> jsonOrYaml(String text, Limits limits, @Nullable Layout layout)
      throws MalformedException {
    if (!text.stripLeading().startsWith("{")) {
      return new YamlReader(limits, layout).read(text);
    }
    try {
      return new JsonReader(limits, null, layout).read(text);
    } catch (MalformedException asJson) {
      try {
        return new YamlReader(limits, layout).read(text);
      } catch (MalformedException asYaml) {
        throw text.stripLeading().substring(1).stripLeading().startsWith("\"") ? asJson : asYaml;
      }
    }
  }

  private static String decode(byte[] content) throws MalformedException {
    if (isAscii(content)) {
      return new String(content, StandardCharsets.ISO_8859_1);
    }
    var decoder = StandardCharsets.UTF_8.newDecoder();
    var in = ByteBuffer.wrap(content);
    var out = CharBuffer.allocate(content.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      int line = 1;
      int column = 1;
      for (int i = 0; i < in.position(); i++) {
        if (content[i] == '\n') {
          line++;
          column = 1;
        } else {
          column++;
        }
      }
      throw new MalformedException(
          new Position(line, column),
          "not UTF-8 text (byte 0x%02x); save the file as UTF-8".formatted(content[in.position()]));
    }
    out.flip();
    if (!out.isEmpty() && out.charAt(0) == '\uFEFF') {
      out.get();
    }
    return out.toString();
  }

  /// Whether a text is Unicode: without halves of pairs of surrogates, which escapes such as
  /// `\ud800` can make of JSON that is UTF-8.
  public static boolean isWellFormed(String text) {
    return text.codePoints().noneMatch(each -> Character.getType(each) == Character.SURROGATE);
  }

  /// Nearly all of it is, and needs no decoder.
  private static boolean isAscii(byte[] content) {
    int any = 0;
    for (byte one : content) {
      any |= one;
    }
    return any >= 0;
  }
}
