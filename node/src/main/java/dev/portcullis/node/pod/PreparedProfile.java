package dev.portcullis.node.pod;

import dev.portcullis.node.cri.SeccompSetting;
import java.util.List;

/// The profile of a container, ready for the runtime.
///
/// @param warnings about the profile's file, each with its place
public record PreparedProfile(SeccompSetting setting, List<String> warnings) {
  public PreparedProfile {
    warnings = List.copyOf(warnings);
  }

  /// Whether a process under it must have a filter.
  boolean filters() {
    return switch (setting) {
      case SeccompSetting.RuntimeDefault _, SeccompSetting.Localhost _ -> true;
      case SeccompSetting.Unconfined _ -> false;
    };
  }
}
