package dev.portcullis.cli.input;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A file that may be written, by the operand that led to it.
///
/// Nothing is written through a symbolic link: neither where the file is one, nor where a link
/// within a named directory leads to it, as it may lead out.
///
/// @param file as it was found: the operand itself, or a path below it
/// @param operand what the user named
public record FixTarget(Path file, Path operand) {

  /// The target for a file that was found by some operands.
  public static FixTarget of(String file, List<String> operands) {
    Path path = Path.of(file);
    for (String operand : operands) {
      Path named = Path.of(operand);
      if (path.startsWith(named)) {
        return new FixTarget(path, named);
      }
    }
    throw new IllegalArgumentException("no operand led to " + file);
  }

  /// The directory that the user named, or that the named file is in. A link may lead to it.
  public Path directory() {
    if (!file.equals(operand)) {
      return operand;
    }
    Path parent = file.getParent();
    return parent == null ? Path.of("") : parent;
  }

  /// The path of the file in that directory.
  public Path below() {
    Path name = file.getFileName();
    return !file.equals(operand) ? operand.relativize(file) : name == null ? file : name;
  }

  /// Whether a link below the operand, or the operand itself where it is a file, leads to it.
  public boolean behindLink() {
    if (file.equals(operand)) {
      return Files.isSymbolicLink(file);
    }
    Path at = operand;
    for (Path step : operand.relativize(file)) {
      at = at.resolve(step);
      if (Files.isSymbolicLink(at)) {
        return true;
      }
    }
    return false;
  }

  /// Whether it is the same as another file below the operand, which is found by its own name.
  public boolean isFoundElsewhere() throws IOException {
    if (file.equals(operand) || !behindLink()) {
      return false;
    }
    Path root = operand.toRealPath();
    Path real = file.toRealPath();
    return real.startsWith(root) && isFound(root.relativize(real));
  }

  /// Whether a walk of a directory finds a file: no step is hidden, and the name is a manifest's.
  private static boolean isFound(Path below) {
    for (Path step : below) {
      if (step.toString().startsWith(".")) {
        return false;
      }
    }
    return below.toString().matches(".*\\.(yaml|yml|json)");
  }
}
