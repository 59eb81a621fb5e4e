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
/// @param operands what is not an option, in order; `-` stands for standard input
/// @param last how many of them stood after `--`
/// @param given the values of each option that was given, by its name; none for a flag
public record Arguments(List<String> operands, int last, Map<String, List<String>> given) {
  public Arguments {
    operands = List.copyOf(operands);
    given = Map.copyOf(given);
  }

  /// The operands that stood after `--`.
  public List<String> afterDashes() {
    return operands.subList(operands.size() - last, operands.size());
  }

  /// The others.
  public List<String> beforeDashes() {
    return operands.subList(0, operands.size() - last);
  }

  /// For verbs that take none.
  public void requireNoOperands() throws UsageException {
    if (!operands.isEmpty()) {
      throw new UsageException("unexpected argument \"" + operands.getFirst() + "\"");
    }
  }

  /// For verbs that take one or more.
  ///
  /// @param otherwise the message where there is none
  public void requireOperands(String otherwise) throws UsageException {
    if (operands.isEmpty()) {
      throw new UsageException(otherwise);
    }
  }

  /// For verbs that take a certain number.
  ///
  /// @param otherwise the message where there are more or fewer
  public void requireOperands(int count, String otherwise) throws UsageException {
    if (operands.size() != count) {
      throw new UsageException(otherwise);
    }
  }

  public boolean has(Option option) {
    return given.containsKey(option.name());
  }

  /// The value of an option; null where it was not given.
  public @Nullable String value(Option option) {
    List<String> values = values(option);
    return values.isEmpty() ? null : values.getFirst();
  }

  /// The value of an option, or the usual one where it was not given; null where there is neither.
  public @Nullable String valueOrUsual(Option option) {
    String value = value(option);
    return value == null ? option.usual() : value;
  }

  /// The value of an option, or the usual one where it was not given.
  ///
  /// @throws IllegalArgumentException where the option has no usual value
  public String text(Option option) {
    String text = valueOrUsual(option);
    if (text == null) {
      throw new IllegalArgumentException(option.text() + " has no usual value");
    }
    return text;
  }

  /// The values of an option in their order; empty where it was not given.
  public List<String> values(Option option) {
    List<String> values = given.get(option.name());
    return values == null ? List.of() : values;
  }

  /// The value of an option as a duration, or the usual one; null where there is neither.
  public @Nullable Duration duration(Option option) throws UsageException {
    String value = valueOrUsual(option);
    if (value == null) {
      return null;
    }
    try {
      return GoDuration.parse(value);
    } catch (UsageException wrong) {
      throw new UsageException(option.text() + ": " + wrong.getMessage());
    }
  }

  /// The values of an option as paths, in their order; empty where it was not given.
  public List<Path> paths(Option option) throws UsageException {
    List<Path> paths = new ArrayList<>();
    for (String value : values(option)) {
      paths.add(path(option, value));
    }
    return paths;
  }

  /// The value of an option as a path; null where it was not given.
  public @Nullable Path path(Option option) throws UsageException {
    String value = value(option);
    return value == null ? null : path(option, value);
  }

  /// The value of an option as a path, or the usual one.
  public Path pathOrUsual(Option option) throws UsageException {
    return path(option, text(option));
  }

  private static Path path(Option option, String value) throws UsageException {
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new UsageException(
          option.text() + ": \"" + value + "\" is not a valid path: " + e.getReason());
    }
  }

  /// The value of {@link OutputOptions#OUTPUT}.
  public OutputFormat output() throws UsageException {
    return OutputOptions.read(this);
  }

  /// The value of {@link OutputOptions#FINDING_OUTPUT}.
  public OutputForm findingOutput() throws UsageException {
    return OutputOptions.readFinding(this);
  }
}
