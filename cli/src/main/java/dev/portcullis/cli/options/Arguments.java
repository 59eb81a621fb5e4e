package dev.portcullis.cli.options;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What stood after a verb.
///
/// @param operands what is no option, in order; `-` stands for standard input
/// @param given the values of each option that was given, by its name; none for a flag
public record Arguments(List<String> operands, Map<String, List<String>> given) {
  public Arguments {
    operands = List.copyOf(operands);
    given = Map.copyOf(given);
  }

  public boolean has(Option option) {
    return given.containsKey(option.name());
  }

  /// The value of an option; null where it was not given.
  public @Nullable String value(Option option) {
    List<String> values = values(option);
    return values.isEmpty() ? null : values.getFirst();
  }

  public String value(Option option, String otherwise) {
    String value = value(option);
    return value == null ? otherwise : value;
  }

  /// The values of an option in their order; empty where it was not given.
  public List<String> values(Option option) {
    List<String> values = given.get(option.name());
    return values == null ? List.of() : values;
  }

  /// The value of an option as a duration; null where it was not given.
  public @Nullable Duration duration(Option option) throws UsageException {
    String value = value(option);
    if (value == null) {
      return null;
    }
    try {
      return GoDuration.parse(value);
    } catch (UsageException wrong) {
      throw new UsageException("--" + option.name() + ": " + wrong.getMessage());
    }
  }

  /// The values of an option as paths, in their order; empty where it was not given.
  public List<Path> paths(Option option) throws UsageException {
    List<Path> paths = new ArrayList<>();
    for (String value : values(option)) {
      try {
        paths.add(Path.of(value));
      } catch (InvalidPathException e) {
        throw new UsageException(
            "--" + option.name() + ": \"" + value + "\" is not a valid path: " + e.getReason());
      }
    }
    return paths;
  }

  /// The value of {@link CommonOptions#OUTPUT}.
  public OutputFormat output() throws UsageException {
    String value = value(CommonOptions.OUTPUT, "table");
    return switch (value) {
      case "table" -> OutputFormat.TABLE;
      case "json" -> OutputFormat.JSON;
      default ->
          throw new UsageException(
              "--output: \"" + value + "\" is not an output format; use table or json");
    };
  }
}
