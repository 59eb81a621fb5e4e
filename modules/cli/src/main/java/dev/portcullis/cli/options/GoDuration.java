package dev.portcullis.cli.options;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/// Reads durations as Go's time.ParseDuration does, without signs: `10s`, `1m30s`, `1.5h`, `500ms`.
public final class GoDuration {
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final int LONGEST_TEXT = 64;

  private GoDuration() {}

  public static Duration parse(String text) throws UsageException {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (text.isEmpty() || text.length() > LONGEST_TEXT) {
      throw wrong(text);
    }
    if (text.startsWith("-")) {
      throw new UsageException("\"" + text + "\" is negative; a duration here is not");
    }
    BigDecimal nanos = BigDecimal.ZERO;
    int index = 0;
    while (index < text.length()) {
      int unitAt = endOfNumber(text, index);
      int next = endOfUnit(text, unitAt);
      nanos =
          nanos.add(
              number(text, text.substring(index, unitAt))
                  .multiply(unit(text, text.substring(unitAt, next))));
      index = next;
    }
    if (nanos.compareTo(LONGEST) > 0) {
      throw new UsageException("\"" + text + "\" is longer than Go's longest duration, 292 years");
    }
    return Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValueExact());
  }

  private static int endOfNumber(String text, int from) {
    int index = from;
    while (index < text.length() && isOfNumber(text.charAt(index))) {
      index++;
    }
    return index;
  }

  private static int endOfUnit(String text, int from) {
    int index = from;
    while (index < text.length() && !isOfNumber(text.charAt(index))) {
      index++;
    }
    return index;
  }

  private static boolean isOfNumber(char c) {
    return (c >= '0' && c <= '9') || c == '.';
  }

  private static BigDecimal number(String text, String number) throws UsageException {
    boolean hasDigit = !number.replace(".", "").isEmpty();
    if (!hasDigit || number.indexOf('.') != number.lastIndexOf('.')) {
      throw wrong(text);
    }
    // Go takes "1." and ".5"; BigDecimal does as well.
    return new BigDecimal(number);
  }

  private static BigDecimal unit(String text, String unit) throws UsageException {
    return BigDecimal.valueOf(
        switch (unit) {
          case "ns" -> 1L;
          // Go takes both the micro sign and the Greek letter.
          case "us", "\u00b5s", "\u03bcs" -> 1_000L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          case "" ->
              throw new UsageException(
                  "\"" + text + "\" lacks a unit; write for example " + text + "s");
          default ->
              throw new UsageException(
                  "\""
                      + text
                      + "\" has the unit \""
                      + unit
                      + "\", which is none of h, m, s, ms, us, ns");
        });
  }

  private static UsageException wrong(String text) {
    String shown = text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "..." : text;
    return new UsageException(
        "\"" + shown + "\" is not a duration; write for example 10s, 1m30s or 500ms");
  }
}
