package dev.portcullis.e2e.cluster;

import java.nio.file.Path;
import java.util.Map;

/// Where the tools keep what is built or fetched once.
public final class Cache {
  private Cache() {}

  /// The directory, which need not exist.
  ///
  /// @param environment of this process
  public static Path directory(Map<String, String> environment) {
    String cache = environment.getOrDefault("PORTCULLIS_CACHE", "");
    if (!cache.isEmpty()) {
      return Path.of(cache);
    }
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    return Path.of(
        caches.isEmpty() ? environment.getOrDefault("HOME", "/root") + "/.cache" : caches,
        "portcullis");
  }
}
