package dev.portcullis.seccomp.json;

/// How a file with a profile is read.
public enum ReadingMode {
  /// As its author wants it to be read: what runtimes would guess, skip or take for something else
  /// is found, with its place.
  STRICT,

  /// As containerd and runc read it, guesses and all: with Go's encoding/json, into the structure
  /// of the OCI runtime specification, so that Docker's parts are skipped. What they would start no
  /// container with is still an error, and so is a file that leaves the container unconfined.
  RUNTIME
}
