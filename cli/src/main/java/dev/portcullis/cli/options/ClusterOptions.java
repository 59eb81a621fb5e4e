package dev.portcullis.cli.options;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How the API server of a cluster is reached.
public final class ClusterOptions {
  public static final Option KUBECONFIG =
      Option.value(
          "kubeconfig",
          "FILE",
          "how to reach the API server (default: as kubectl, or the pod's service account)");

  private ClusterOptions() {}

  /// The value of {@link #KUBECONFIG}; null where it was not given.
  public static @Nullable Path kubeconfig(Arguments arguments) throws UsageException {
    return arguments.path(KUBECONFIG);
  }
}
