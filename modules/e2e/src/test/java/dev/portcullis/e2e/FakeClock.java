package dev.portcullis.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A clock that a process takes for the machine's, by libfaketime.
///
/// @param library of libfaketime, for programs with threads
/// @param file read by the process again and again
record FakeClock(Path library, Path file) {
  /// What to install where there is none.
  static final String MISSING = "not installed: libfaketimeMT.so.1; apt-get install faketime";

  /// One that goes right.
  static Optional<FakeClock> in(Path directory) throws IOException {
    try (Stream<Path> architectures = Files.list(Path.of("/usr/lib"))) {
      Optional<FakeClock> clock =
          architectures
              .map(architecture -> architecture.resolve("faketime/libfaketimeMT.so.1"))
              .filter(Files::exists)
              .findFirst()
              .map(library -> new FakeClock(library, directory.resolve("clock")));
      if (clock.isPresent()) {
        clock.get().set("+0");
      }
      return clock;
    }
  }

  /// For the process that is to have this clock.
  Map<String, String> environment() {
    return Map.of(
        "LD_PRELOAD", library.toString(),
        "FAKETIME_TIMESTAMP_FILE", file.toString(),
        "FAKETIME_CACHE_DURATION", "1",
        // That one is set by nobody: it goes on as it went.
        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
        "DONT_FAKE_MONOTONIC", "1");
  }

  /// Within a second the process sees it.
  ///
  /// @param offset to the machine's clock, as `+3h`
  void set(String offset) throws IOException {
    // Read at any moment.
    Path next = Files.writeString(file.resolveSibling("clock.next"), offset + "\n");
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
