package dev.portcullis.node;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How profiles arrive from the cluster.
///
/// @param namespace of the ConfigMaps
/// @param kubeconfig null for `KUBECONFIG`, `~/.kube/config` or the service account
/// @param nodeName what the Node is called
/// @param libseccomp the version that makes this node's filters; null where it is unknown
public record DistributionOptions(
    String namespace, @Nullable Path kubeconfig, String nodeName, @Nullable String libseccomp) {}
