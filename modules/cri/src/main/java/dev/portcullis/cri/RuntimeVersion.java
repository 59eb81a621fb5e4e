package dev.portcullis.cri;

/// Which runtime is behind the socket.
///
/// @param name `containerd`, `cri-o`
/// @param version the runtime's own
/// @param api of CRI: `v1`
public record RuntimeVersion(String name, String version, String api) {}
