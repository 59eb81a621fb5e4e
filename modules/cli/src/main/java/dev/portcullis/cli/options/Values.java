package dev.portcullis.cli.options;

import java.util.List;
import java.util.function.Supplier;

/// What may stand as the value of an option, or as an operand.
///
/// @param words those of them that can be listed; asked only where somebody wants to see them
/// @param others what else may stand there
/// @param list whether several words may stand, with commas between
public record Values(Supplier<List<String>> words, Others others, boolean list) {
  /// What cannot be listed here.
  public enum Others {
    /// Nothing: the words are all there is.
    NONE,
    /// Text that only its user knows.
    TEXT,
    /// The path of a file.
    FILES,
    /// The path of a directory.
    DIRECTORIES
  }

  public static final Values TEXT = new Values(List::of, Others.TEXT, false);
  public static final Values FILES = new Values(List::of, Others.FILES, false);
  public static final Values DIRECTORIES = new Values(List::of, Others.DIRECTORIES, false);

  /// One of these words.
  public static Values oneOf(List<String> words) {
    return new Values(() -> words, Others.NONE, false);
  }

  /// What a placeholder in the help promises: `FILE` and `PATH` are files, `DIR` is a directory.
  static Values of(String placeholder) {
    return switch (placeholder) {
      case "FILE", "PATH" -> FILES;
      case "DIR" -> DIRECTORIES;
      default -> TEXT;
    };
  }

  /// These words, or what else may stand there.
  public Values or(Supplier<List<String>> more) {
    return new Values(more, others, list);
  }

  /// Several of the words, with commas between.
  public Values listed() {
    return new Values(words, others, true);
  }
}
