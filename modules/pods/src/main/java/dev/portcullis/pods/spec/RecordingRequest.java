package dev.portcullis.pods.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How long the containers of a pod are to be recorded, by the value of {@link SeccompKeys#RECORD}.
///
/// @param seconds at least one; 0 where the value is not valid
/// @param wrong why the value is not valid, with what to write; empty where it is valid
public record RecordingRequest(long seconds, String wrong) {
  /// A recording has a bound; a pod lives on after it.
  private static final int MOST_HOURS = 24;

  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;

  private static final Pattern TEXT =
      Pattern.compile("(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?");

  /// Reads it: whole hours, minutes and seconds, in this order, as `10m` or `1h30m`.
  public static RecordingRequest read(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (text.isEmpty() || !matcher.matches()) {
      return wrong(
          "is not a duration in whole hours, minutes and seconds; write for example 10m or 1h30m");
    }
    long seconds =
        number(matcher.group(1)) * HOUR
            + number(matcher.group(2)) * MINUTE
            + number(matcher.group(3));
    if (seconds == 0) {
      return wrong("is a duration of zero; write for example 10m, or remove the annotation");
    }
    if (seconds > MOST_HOURS * HOUR) {
      return wrong(
          "is longer than " + MOST_HOURS + "h, which is the longest; write for example 10m");
    }
    return new RecordingRequest(seconds, "");
  }

  private static RecordingRequest wrong(String reason) {
    return new RecordingRequest(0, reason);
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
