package dev.portcullis.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portcullis.e2e.cluster.Cache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Programs of Debian sid, newer than those of the machine, which `tools/debian-sid` puts into the
/// cache.
final class DebianSid {
  private static final Path HOME = Cache.directory(System.getenv()).resolve("debian-sid");

  private DebianSid() {}

  /// The directory of the programs. Skips the calling test where it is not there.
  static Path programs() throws IOException {
    Path versions = HOME.resolve("versions");
    assumeTrue(Files.exists(versions), "no programs of Debian sid: tools/debian-sid fetches them");
    System.out.println("e2e: of Debian sid: " + String.join(", ", Files.readAllLines(versions)));
    return HOME.resolve("bin");
  }
}
