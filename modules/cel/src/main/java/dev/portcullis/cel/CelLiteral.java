package dev.portcullis.cel;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Values as CEL spells them.
final class CelLiteral {
  private CelLiteral() {}

  /// A string, in single quotes. What does not show, or could end the literal, is escaped.
  static String text(String value) {
    StringBuilder literal = new StringBuilder(value.length() + 2).append('\'');
    value
        .codePoints()
        .forEach(c -> {
          if (c == '\'' || c == '\\') {
            literal.append('\\').append((char) c);
          } else if (c < ' ' || (c >= 0x7f && c <= 0x9f)) {
            literal.append("\\u%04x".formatted(c));
          } else {
            literal.appendCodePoint(c);
          }
        });
    return literal.append('\'').toString();
  }

  static String list(Collection<String> values) {
    return values.stream().map(CelLiteral::text).collect(Collectors.joining(", ", "[", "]"));
  }

  static String map(Map<String, List<String>> values) {
    return values.entrySet().stream()
        .map(each -> text(each.getKey()) + ": " + list(each.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
