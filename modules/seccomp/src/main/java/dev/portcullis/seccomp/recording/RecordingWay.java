package dev.portcullis.seccomp.recording;

/// How calls were seen.
public enum RecordingWay {
  /// The filter asked about them: some it does not ask about.
  NOTIFICATION,
  /// The kernel traced them, with the arguments in registers, and not what these point to.
  TRACE
}
