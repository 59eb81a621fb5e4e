package dev.portcullis.cri;

/// What the runtime knows of a sandbox.
///
/// @param ready whether its namespaces are alive
/// @param ip the pod's address; empty on the node's own network
public record SandboxStatus(String id, boolean ready, String ip) {}
