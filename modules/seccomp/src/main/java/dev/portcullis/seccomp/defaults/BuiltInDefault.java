package dev.portcullis.seccomp.defaults;

import dev.portcullis.seccomp.runtime.Version;

/// The default profile of one release of a runtime.
///
/// @param runtime as in its name, `containerd`
public record BuiltInDefault(String runtime, Version version, DefaultContents contents) {
  /// `containerd/default@1.7.34`
  public String name() {
    return runtime + BuiltInDefaults.DEFAULT + "@" + version;
  }
}
