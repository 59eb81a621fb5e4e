package dev.portcullis.node;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/// How refused calls are watched without a proxy.
///
/// @param runtimeEndpoint `unix:///PATH`
/// @param denials the file of what is known
/// @param snapshots where a proxy of this node, if there is one, has its copies of profiles
/// @param records where it has its decisions
/// @param health where the health pages are
public record DenialServerOptions(
    String runtimeEndpoint, Path denials, Path snapshots, Path records, InetSocketAddress health) {}
