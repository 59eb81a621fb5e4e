package dev.portcullis.run.recording;

import dev.portcullis.seccomp.recording.Recording;
import java.util.List;

/// What came of recording a container.
///
/// @param pod its uid in this run
/// @param container its name
/// @param failures why something of it was not recorded; none where all was
public record RecordedContainer(
    String pod, String container, Recording recording, List<String> failures) {
  public RecordedContainer {
    failures = List.copyOf(failures);
  }
}
