package dev.portcullis.documents;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.TokenStreamLocation;

/// Why a text is not JSON, for its author: the messages of the parser are about its own settings.
final class JsonMistake {
  private static final Pattern CODE = Pattern.compile("\\(code (\\d+)");
  private static final Pattern WORD = Pattern.compile("token '([^']*)'");
  private static final Pattern BASED = Pattern.compile("0[xX]([0-9a-fA-F]{1,16})");

  /// How other languages write `true`, `false` and `null`.
  private static final List<String> OTHERS = List.of("True", "False", "None", "TRUE", "FALSE");

  private static final String DIGITS = "numbers are decimal digits";

  private final String text;
  private final String parsers;

  /// Of the character that the parser did not take; the length of the text where it ended too soon.
  private final int offset;

  private JsonMistake(String text, String parsers, long reported) {
    this.text = text;
    this.parsers = parsers;
    this.offset = offset(reported);
  }

  /// What is wrong, and what to do.
  ///
  /// @param parsers the message of the parser, which is kept where nothing better is known
  static String words(String text, TokenStreamLocation at, String parsers) {
    JsonMistake mistake = new JsonMistake(text, parsers, at.getCharOffset());
    return mistake
        .byTheCharacter()
        .or(mistake::byTheParser)
        .orElseGet(() -> parsers.replaceAll(" \\([^(]* at \\[Source: [^]]*]\\)", ""));
  }

  /// The parser names the character, and a place that may be the one after it.
  private int offset(long reported) {
    int at = Math.clamp(reported, 0, text.length());
    Matcher code = CODE.matcher(parsers);
    if (code.find()) {
      int character = Integer.parseInt(code.group(1));
      for (int each : new int[] {at, at - 1}) {
        if (each >= 0 && each < text.length() && text.charAt(each) == character) {
          return each;
        }
      }
    }
    return at;
  }

  private Optional<String> byTheCharacter() {
    if (offset >= text.length() || !parsers.startsWith("Unexpected character")) {
      return Optional.empty();
    }
    char wrong = text.charAt(offset);
    char before = before();
    boolean first = before == 0;
    String words =
        switch (wrong) {
          case '#' -> "JSON has no comments; remove this one";
          case '/' -> {
            if (text.startsWith("//", offset) || text.startsWith("/*", offset)) {
              yield "JSON has no comments; remove this one";
            }
            yield first ? "this is a path, not the content of a file" : "";
          }
          case '<' -> first ? "this is HTML or XML" : "";
          case '\'' -> "use double quotes instead of single ones";
          case ']', '}' -> before == ',' ? "a comma before " + wrong + "; remove it" : "";
          case ',' -> ",[{:".indexOf(before) >= 0 ? "there is a comma instead of a value" : "";
          case '+', '.' -> DIGITS + ", with a digit on each side of the point, and without a +";
          case 'x', 'X' -> based();
          default -> "";
        };
    return Optional.of(words).filter(some -> !some.isEmpty());
  }

  private String based() {
    Matcher number = BASED.matcher(text).region(Math.max(0, offset - 1), text.length());
    return number.lookingAt()
        ? DIGITS
            + ": "
            + Long.toUnsignedString(Long.parseUnsignedLong(number.group(1), 16))
            + ", not "
            + number.group()
        : "";
  }

  private Optional<String> byTheParser() {
    Matcher word = WORD.matcher(parsers);
    if (word.find()) {
      return word(word.group(1));
    }
    String words = "";
    if (parsers.startsWith("Unexpected end-of-input")) {
      words = "the text is incomplete: a closing quote, } or ] is missing";
    } else if (parsers.startsWith("Unexpected close marker")) {
      words = "the closing bracket has the wrong kind: } instead of ], or ] instead of }";
    } else if (parsers.contains("eading zero")) {
      words = DIGITS + ", and do not begin with 0";
    } else if (parsers.contains("double-quote to start")) {
      words = "a field name must be in double quotes";
    } else if (parsers.contains("expecting comma")) {
      words = "a comma is missing before this";
    } else if (parsers.contains("expecting a colon")) {
      words = "a colon is missing after the name of a field";
    } else if (parsers.contains("separating root-level values")) {
      words = "there is text after the first value";
    } else if (parsers.contains("Illegal unquoted character")) {
      words = "a string must end on the line where it starts; write a line break as \\n";
    } else if (parsers.contains("character escape")) {
      words = "the escape is invalid; write a backslash in a string as \\\\";
    }
    return Optional.of(words).filter(some -> !some.isEmpty());
  }

  private Optional<String> word(String word) {
    if (OTHERS.contains(word)) {
      return Optional.of("write true, false and null in lower case");
    }
    if (word.equals("NaN") || word.endsWith("Infinity")) {
      return Optional.of(DIGITS);
    }
    return text.stripLeading().startsWith(word)
        ? Optional.of("an object starts with {, but this does not (is it YAML?)")
        : Optional.of("text must be in double quotes");
  }

  /// The last character before the wrong one that is not a space; 0 where there is none.
  private char before() {
    for (int at = offset - 1; at >= 0; at--) {
      if (!Character.isWhitespace(text.charAt(at))) {
        return text.charAt(at);
      }
    }
    return 0;
  }
}
