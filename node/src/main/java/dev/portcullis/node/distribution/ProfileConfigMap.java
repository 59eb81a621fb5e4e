package dev.portcullis.node.distribution;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A ConfigMap with profiles, as the API server has it.
///
/// @param name with its namespace, `portcullis-nodes/web`
/// @param created when it was made, by the API server's clock
/// @param directory what its annotation says; null where it has none
/// @param files the keys of `data` and `binaryData` together: Kubernetes lets none stand in both
public record ProfileConfigMap(
    String name, Instant created, @Nullable String directory, Map<String, byte[]> files) {
  /// The label of the ConfigMaps that are for nodes; its value is `true`.
  public static final String LABEL = "portcullis.dev/seccomp-profiles";

  /// The annotation for the directory below the profile root.
  public static final String DIRECTORY = "portcullis.dev/profile-directory";

  public ProfileConfigMap {
    files = Collections.unmodifiableMap(new TreeMap<>(files));
  }

  long size() {
    return files.values().stream().mapToLong(content -> content.length).sum();
  }
}
