package dev.portcullis.seccomp.syscall;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// System calls that a libseccomp may be too old to know, and the Linux that brought each; the list
/// is `newer.txt`.
public final class NewerCalls {
  private static final String FILE = "newer.txt";

  private final Map<String, String> versions = new LinkedHashMap<>();

  private NewerCalls() {}

  public static NewerCalls load() {
    try (InputStream in = NewerCalls.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the module lacks " + FILE);
      }
      NewerCalls calls = new NewerCalls();
      new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(": ", 2))
          .forEach(line ->
              Arrays.stream(line[1].split(" ", -1))
                  .forEach(name -> calls.versions.put(name, line[0])));
      return calls;
    } catch (IOException broken) {
      throw new UncheckedIOException(FILE, broken);
    }
  }

  /// The version of Linux that brought a call, as `6.13`; nothing for one that is older than the
  /// list, or unknown to it.
  public Optional<String> since(String name) {
    return Optional.ofNullable(versions.get(name));
  }

  /// All of them.
  Set<String> names() {
    return versions.keySet();
  }
}
