package dev.portcullis.seccomp.recording;

import dev.portcullis.seccomp.profile.Architecture;
import java.util.List;

/// What profile is to be made of a recording.
///
/// @param arguments which arguments it has conditions on
/// @param ociRuntimes what is added is what these need to start a container under it
/// @param machine the architecture that comes first
/// @param way how the recording was made
public record ProfileWish(
    ArgumentConditions arguments,
    List<String> ociRuntimes,
    Architecture machine,
    RecordingWay way) {
  public ProfileWish {
    ociRuntimes = List.copyOf(ociRuntimes);
  }

  /// For a recording by notification.
  public ProfileWish(ArgumentConditions arguments, List<String> ociRuntimes, Architecture machine) {
    this(arguments, ociRuntimes, machine, RecordingWay.NOTIFICATION);
  }
}
