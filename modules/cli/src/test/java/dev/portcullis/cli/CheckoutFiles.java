package dev.portcullis.cli;

import static java.nio.file.FileVisitResult.CONTINUE;
import static java.nio.file.FileVisitResult.SKIP_SUBTREE;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/// The files of this checkout that are written by people: none of a build, which may be under way,
/// and none of a hidden directory.
final class CheckoutFiles {
  private CheckoutFiles() {}

  /// Those below a directory, by their paths from the top of the checkout.
  static List<Path> below(String directory) throws IOException {
    List<Path> found = new ArrayList<>();
    Path top = Path.of(directory);
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path entered, BasicFileAttributes attributes) {
            String name = entered.getFileName().toString();
            return !entered.equals(top) && (name.startsWith(".") || name.equals("target"))
                ? SKIP_SUBTREE
                : CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            found.add(file);
            return CONTINUE;
          }
        });
    return found;
  }
}
