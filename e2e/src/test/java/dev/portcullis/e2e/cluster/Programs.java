package dev.portcullis.e2e.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// The programs of Kubernetes that `tools/kubernetes` builds into the cache, with the etcd beside
/// them.
///
/// @param directory where they are
record Programs(Path directory) {
  static final String VERSION = "1.20.2";

  /// Where the tool puts them.
  static Programs cached(Map<String, String> environment) {
    return new Programs(Cache.directory(environment).resolve("kubernetes-" + VERSION));
  }

  /// Whether all of them are there: the stamp is written last.
  boolean complete() {
    return Files.exists(directory.resolve("stamp"));
  }

  String path(String name) {
    return directory.resolve(name).toString();
  }
}
