package dev.portcullis.cri;

import java.nio.file.Path;

/// The profile that a container is to run under, in the words of CRI.
public sealed interface SeccompSetting {

  /// The runtime's own default profile.
  record RuntimeDefault() implements SeccompSetting {}

  /// No filter.
  record Unconfined() implements SeccompSetting {}

  /// The profile in a file of the node.
  ///
  /// @param file absolute and without `.` or `..`: containerd opens what it is given relative to
  ///   its own working directory
  record Localhost(Path file) implements SeccompSetting {
    public Localhost {
      if (!file.isAbsolute() || !file.equals(file.normalize())) {
        throw new IllegalArgumentException("not an absolute, normal path: " + file);
      }
    }
  }
}
