package dev.portcullis.seccomp.recording;

/// Whose calls a recording has.
///
/// @param pod with its namespace: `default/web`
/// @param container its name in the pod
/// @param image as the pod names it
/// @param ociRuntime that made the container, `runc` or `crun`; empty where it is not known
/// @param kernel the release of the kernel it ran on
public record RecordedRun(
    String pod, String container, String image, String ociRuntime, String kernel) {}
