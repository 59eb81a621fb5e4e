package dev.portcullis.run.pod;

import dev.portcullis.cri.SeccompSetting;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The profile of a container, ready for the runtime.
///
/// @param setting what the runtime is told
/// @param expected what comes of it: for a file the snapshot of what was checked, as an OCI runtime
///   reads it
/// @param path of the file below the profile root, as the pod names it; null where there is none
/// @param warnings about the profile's file, each with its place
public record PreparedProfile(
    SeccompSetting setting, SeccompSetting expected, @Nullable String path, List<String> warnings) {
  public PreparedProfile {
    warnings = List.copyOf(warnings);
  }

  static PreparedProfile withoutFile(SeccompSetting setting) {
    return new PreparedProfile(setting, setting, null, List.of());
  }

  static PreparedProfile ofFile(String path, Path snapshot, List<String> warnings) {
    SeccompSetting setting = new SeccompSetting.Localhost(snapshot);
    return new PreparedProfile(setting, setting, path, warnings);
  }

  /// The same for the Portcullis of a node, which stands before the runtime: it takes no files but
  /// those below its profile root, and makes snapshots and conversions itself.
  ///
  /// @param nodeRoot the directory where this profile was read, by the node's name for it
  public PreparedProfile forNode(Path nodeRoot) {
    return path == null
        ? this
        : new PreparedProfile(
            new SeccompSetting.Localhost(nodeRoot.resolve(path).normalize()),
            expected,
            path,
            warnings);
  }

  /// Whether a process under it must have a filter.
  boolean filters() {
    return switch (setting) {
      case SeccompSetting.RuntimeDefault _, SeccompSetting.Localhost _ -> true;
      case SeccompSetting.Unconfined _ -> false;
    };
  }
}
