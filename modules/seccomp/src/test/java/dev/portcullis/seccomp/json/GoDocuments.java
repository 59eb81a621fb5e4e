package dev.portcullis.seccomp.json;

import java.util.List;
import java.util.random.RandomGenerator;

/// Documents that are profiles, nearly: with fields that stand twice, in other cases, are null, of
/// the wrong type, or no fields.
final class GoDocuments {
  private static final List<String> PROFILE =
      List.of(
          "defaultAction",
          "defaultErrnoRet",
          "architectures",
          "flags",
          "listenerPath",
          "listenerMetadata",
          "syscalls",
          "syscalls");
  private static final List<String> RULE = List.of("names", "names", "action", "errnoRet", "args");
  private static final List<String> ARGUMENT = List.of("index", "value", "valueTwo", "op");
  private static final List<String> NUMBERS =
      List.of("0", "1", "5", "6", "4095", "65536", "18446744073709551615");
  private static final List<String> ODD_NUMBERS =
      List.of("-0", "-1", "1.0", "1e2", "18446744073709551616", "1E400", "0.5");
  private static final List<String> TEXTS =
      List.of(
          "",
          "mkdir",
          "SCMP_ACT_ERRNO",
          "SCMP_ACT_ALLOW",
          "SCMP_CMP_EQ",
          "\\ud800",
          "\\ud83d\\ude00",
          "\\udc00\\ud83d\\ude00x",
          "\\u004a",
          "\u2028\u212a",
          "a\\/b\\\"");

  private final RandomGenerator random;

  GoDocuments(RandomGenerator random) {
    this.random = random;
  }

  private boolean oneIn(int many) {
    return random.nextInt(many) == 0;
  }

  private String one(List<String> of) {
    return of.get(random.nextInt(of.size()));
  }

  String next() {
    return object(PROFILE);
  }

  private String object(List<String> fields) {
    StringBuilder text = new StringBuilder("{");
    int count = random.nextInt(6);
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ",").append(' ');
      String field = one(fields);
      text.append('"').append(key(field)).append("\": ").append(value(field));
    }
    return text.append('}').toString();
  }

  private String key(String field) {
    StringBuilder key = new StringBuilder();
    boolean changes = oneIn(3);
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (!changes || !oneIn(2)) {
        key.append(c);
        continue;
      }
      key.append(
          switch (random.nextInt(8)) {
            case 0 -> c == 's' ? '\u017f' : c;
            case 1 -> c == 'i' && oneIn(4) ? '\u0131' : c;
            case 2 -> c == 'k' ? '\u212a' : c;
            case 3 -> oneIn(40) ? (char) (c ^ 0x40) : c;
            default -> (char) (c ^ 0x20);
          });
    }
    return key.toString().replaceAll("[\"\\\\\\p{Cntrl}]", "x");
  }

  private String value(String field) {
    if (oneIn(8)) {
      return "null";
    }
    if (oneIn(150)) {
      return one(
          List.of(
              "true", "[]", "{}", "\"x\"", "7", "[[1]]", "{\"a\": {\"names\": [2]}}", "[null]"));
    }
    return switch (field) {
      case "syscalls" -> list(() -> object(RULE));
      case "args" -> list(() -> object(ARGUMENT));
      case "names", "flags", "architectures" -> list(this::text);
      case "index", "value", "valueTwo", "errnoRet", "defaultErrnoRet" ->
          oneIn(60) ? one(ODD_NUMBERS) : one(NUMBERS);
      default -> text();
    };
  }

  private String text() {
    return '"' + one(TEXTS) + '"';
  }

  private interface Item {
    String make();
  }

  private String list(Item item) {
    StringBuilder text = new StringBuilder("[");
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ", ").append(oneIn(8) ? "null" : item.make());
    }
    return text.append(']').toString();
  }
}
