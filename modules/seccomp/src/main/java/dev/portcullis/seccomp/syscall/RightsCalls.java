package dev.portcullis.seccomp.syscall;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Calls by which a runtime or a program gives rights up, restricts itself, or asks which rights it
/// has before it decides to; which ones is `rights.txt`.
public final class RightsCalls {
  private static final String FILE = "rights.txt";
  private static final Pattern LINE =
      Pattern.compile(
          "(?<name>[a-z0-9_]+)"
              + "( = (?<number>[0-9]+)| (?<how>only|but) (?<argument>[0-5]): (?<values>[0-9a-fx ]+))?");

  private RightsCalls() {}

  /// One of them.
  ///
  /// @param number that all architectures share, above the first of an architecture's numbers; -1
  ///   where it has none, and only its name tells which call it is
  /// @param which those of its calls that count
  public record RightsCall(String name, int number, Which which) {}

  /// Those calls of a name that count.
  public sealed interface Which {
    /// All.
    record Every() implements Which {}

    /// Those in which the lower 32 bits of an argument are one of the values.
    record Only(int argument, List<Integer> values) implements Which {
      public Only {
        values = List.copyOf(values);
      }
    }

    /// Those in which they are none of them.
    record But(int argument, List<Integer> values) implements Which {
      public But {
        values = List.copyOf(values);
      }
    }
  }

  /// All of them.
  public static List<RightsCall> load() {
    try (InputStream in = RightsCalls.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the module lacks " + FILE);
      }
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(RightsCalls::read)
          .toList();
    } catch (IOException broken) {
      throw new UncheckedIOException(FILE, broken);
    }
  }

  private static RightsCall read(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalStateException(FILE + " has the line: " + line);
    }
    String number = matcher.group("number");
    return new RightsCall(
        matcher.group("name"), number == null ? -1 : Integer.parseInt(number), which(matcher));
  }

  private static Which which(Matcher matcher) {
    String how = matcher.group("how");
    if (how == null) {
      return new Which.Every();
    }
    int argument = Integer.parseInt(matcher.group("argument"));
    List<Integer> values =
        Arrays.stream(matcher.group("values").split(" ")).map(Integer::decode).toList();
    return how.equals("only") ? new Which.Only(argument, values) : new Which.But(argument, values);
  }
}
