package dev.portcullis.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A directory that goes with all that is in it.
record TemporaryDirectory(Path path) implements AutoCloseable {
  static TemporaryDirectory make() throws IOException {
    return new TemporaryDirectory(Files.createTempDirectory("portcullis-training"));
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() throws IOException {
    List<Path> all;
    try (Stream<Path> found = Files.walk(path)) {
      all = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.deleteIfExists(each);
    }
  }
}
