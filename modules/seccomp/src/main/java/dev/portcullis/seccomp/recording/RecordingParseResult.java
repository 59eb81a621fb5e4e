package dev.portcullis.seccomp.recording;

import dev.portcullis.documents.Position;

/// What came of reading a recording.
public sealed interface RecordingParseResult {
  /// It is one.
  record Read(Recording recording) implements RecordingParseResult {}

  /// It is none, or damaged.
  ///
  /// @param message without the file's name
  record Rejected(Position at, String message) implements RecordingParseResult {}
}
