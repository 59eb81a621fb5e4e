package dev.portcullis.node;

import dev.portcullis.pods.name.ProfileName;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// How a node is served.
///
/// @param listen the socket for the kubelet
/// @param runtimeEndpoint `unix://` and an absolute path
/// @param profileRoot as the kubelet has it
/// @param defaultProfile of containers that nobody named one for
/// @param snapshots the directory of what the runtime reads
/// @param health a loopback address
public record NodeOptions(
    Path listen,
    String runtimeEndpoint,
    Path profileRoot,
    ProfileName defaultProfile,
    Path snapshots,
    InetSocketAddress health) {}
