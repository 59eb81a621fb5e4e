package dev.portcullis.seccomp.recording;

/// A system call that the profile of a container refused while it was recorded.
///
/// @param call as the program made it
/// @param errno by which it failed
public record RefusedCall(RecordedCall call, int errno) {}
