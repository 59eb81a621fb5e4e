package dev.portcullis.seccomp.lint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which calls do what another one does; the list is `equivalents.txt`.
final class Equivalents {
  private static final String FILE = "equivalents.txt";

  private Equivalents() {}

  /// By the name of the denied call.
  static Map<String, List<String>> load() {
    try (InputStream in = Equivalents.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the module lacks " + FILE);
      }
      Map<String, List<String>> equivalents = new LinkedHashMap<>();
      for (String line : new String(in.readAllBytes(), UTF_8).split("\n", -1)) {
        int colon = line.indexOf(':');
        if (colon > 0 && !line.startsWith("#")) {
          equivalents.put(
              line.substring(0, colon), List.of(line.substring(colon + 1).strip().split(" ")));
        }
      }
      return equivalents;
    } catch (IOException broken) {
      throw new UncheckedIOException(FILE, broken);
    }
  }
}
