package dev.portcullis.documents;

import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Pattern;

/// What an unquoted YAML scalar means.
///
/// YAML 1.1 as go-yaml v2 has it, because kubectl and every client of Kubernetes in Go read
/// manifests through it: `yes` and `on` are booleans, `0644` is octal. Reading `privileged: yes` as
/// a string would be another pod than the cluster's.
final class PlainScalar {
  private static final Map<String, Boolean> TRUTHS =
      Map.ofEntries(
          Map.entry("y", true),
          Map.entry("Y", true),
          Map.entry("yes", true),
          Map.entry("Yes", true),
          Map.entry("YES", true),
          Map.entry("true", true),
          Map.entry("True", true),
          Map.entry("TRUE", true),
          Map.entry("on", true),
          Map.entry("On", true),
          Map.entry("ON", true),
          Map.entry("n", false),
          Map.entry("N", false),
          Map.entry("no", false),
          Map.entry("No", false),
          Map.entry("NO", false),
          Map.entry("false", false),
          Map.entry("False", false),
          Map.entry("FALSE", false),
          Map.entry("off", false),
          Map.entry("Off", false),
          Map.entry("OFF", false));

  private static final Pattern INTEGER =
      Pattern.compile("([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

  private PlainScalar() {}

  static Value resolve(String text, Position at) {
    if (text.isEmpty()) {
      return new Value.Null(at);
    }
    char first = text.charAt(0);
    if ((first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.') {
      return number(text, at);
    }
    Boolean truth = TRUTHS.get(text);
    if (truth != null) {
      return new Value.Truth(at, truth);
    }
    return switch (text) {
      case "~", "null", "Null", "NULL" -> new Value.Null(at);
      default -> new Value.Text(at, text);
    };
  }

  private static Value number(String text, Position at) {
    String plain = text.replace("_", "");
    var integer = INTEGER.matcher(plain);
    if (integer.matches()) {
      String literal = integer(integer.group(2)).toString();
      return new Value.Numeral(at, integer.group(1).equals("-") ? "-" + literal : literal);
    }
    return DECIMAL.matcher(plain).matches()
        ? new Value.Numeral(at, plain)
        : new Value.Text(at, text);
  }

  private static BigInteger integer(String digits) {
    if (digits.length() < 2 || digits.charAt(0) != '0') {
      return new BigInteger(digits);
    }
    return switch (digits.charAt(1)) {
      case 'x', 'X' -> new BigInteger(digits.substring(2), 16);
      case 'b', 'B' -> new BigInteger(digits.substring(2), 2);
      case 'o', 'O' -> new BigInteger(digits.substring(2), 8);
      default -> new BigInteger(digits, 8);
    };
  }
}
