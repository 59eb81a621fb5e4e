package dev.portcullis.node;

import dev.portcullis.container.profiles.AllowedListeners;
import dev.portcullis.pods.name.ProfileName;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a node is served.
///
/// @param listen the socket for the kubelet
/// @param runtimeEndpoint `unix://` and an absolute path
/// @param defaultCapabilities what the runtime gives to containers by itself, where it does not
///   report that; null where it was not specified
/// @param profileRoot as the kubelet has it
/// @param listeners the sockets that profiles may name
/// @param defaultProfile of containers for which none is named
/// @param snapshots the directory of what the runtime reads
/// @param records the directory of what was decided about containers
/// @param denials the file of the calls that are refused to containers; null where these are not
///   watched
/// @param recordings the directory of what pods have recorded of their containers; null where
///   nothing is
/// @param recordingsNamespace of the ConfigMaps with the same, in the cluster of `distribution`;
///   null for none
/// @param health a loopback address
/// @param distribution null where no profiles come from the cluster
public record NodeOptions(
    Path listen,
    String runtimeEndpoint,
    @Nullable Set<String> defaultCapabilities,
    Path profileRoot,
    AllowedListeners listeners,
    ProfileName defaultProfile,
    Path snapshots,
    Path records,
    @Nullable Path denials,
    @Nullable Path recordings,
    @Nullable String recordingsNamespace,
    InetSocketAddress health,
    @Nullable DistributionOptions distribution) {}
