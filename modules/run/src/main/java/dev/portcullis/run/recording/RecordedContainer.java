package dev.portcullis.run.recording;

import dev.portcullis.seccomp.recording.Recording;
import java.util.List;
import java.util.Map;

/// What came of recording a container.
///
/// @param pod its uid in this run
/// @param container its name
/// @param interrupted how many of its calls a signal interrupted while they were asked about, by
///   name, the empty one where it is not known
/// @param failures why something of it was not recorded; none where all was
public record RecordedContainer(
    String pod,
    String container,
    Recording recording,
    Map<String, Integer> interrupted,
    List<String> failures) {
  public RecordedContainer {
    interrupted = Map.copyOf(interrupted);
    failures = List.copyOf(failures);
  }
}
