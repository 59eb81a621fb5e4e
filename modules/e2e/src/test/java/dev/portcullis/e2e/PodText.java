package dev.portcullis.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes small pods.
final class PodText {
  private PodText() {}

  /// A pod whose only container, `c`, runs a line of shell.
  ///
  /// @param more further lines of the container
  static String shell(Path directory, String name, String line, String... more) throws IOException {
    StringBuilder yaml =
        new StringBuilder(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s}
            spec:
              containers:
              - name: c
                image: localhost/portcullis/busybox:1
                command: [sh, -c, '%s']
            """
                .formatted(name, line));
    for (String field : more) {
      yaml.append("    ").append(field).append('\n');
    }
    return write(directory, name + ".yaml", yaml.toString());
  }

  static String write(Path directory, String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return file.toString();
  }

  /// The field that names a profile of the root.
  static String profile(String path) {
    return "securityContext: {seccompProfile: {type: Localhost, localhostProfile: %s}}"
        .formatted(path);
  }
}
