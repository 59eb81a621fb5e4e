package dev.portcullis.seccomp.recording;

/// Which arguments a profile has conditions on that is made of a recording.
public enum ArgumentConditions {
  /// Names alone.
  NONE,
  /// Where the argument says what the call does: the domain of a socket, the request of an ioctl.
  USUAL,
  /// Every one whose values were kept.
  ALL
}
