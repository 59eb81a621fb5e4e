package dev.portcullis.cli.options;

import dev.portcullis.cluster.ClusterConnection;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How the API server of a cluster is reached.
public final class ClusterOptions {
  public static final Option KUBECONFIG =
      Option.value(
          "kubeconfig",
          "FILE",
          "how to reach the API server (default: as kubectl, or the pod's service account)");

  public static final Option CONTEXT =
      Option.value("context", "NAME", "context of the kubeconfig (default: its current one)");

  public static final Option ALL_NAMESPACES =
      Option.flag(
              "all-namespaces", "with --cluster and no files: the pods of all namespaces (default)")
          .or('A');

  private ClusterOptions() {}

  /// For verbs about files, or about the pods that run in a cluster.
  ///
  /// @return whether it is the pods of a cluster
  public static boolean requireFilesOrCluster(Arguments arguments, String verb)
      throws UsageException {
    boolean running = arguments.operands().isEmpty() && arguments.has(PolicyOptions.CLUSTER);
    if (!running) {
      arguments.requireOperands(
          verb
              + " needs a file, a directory, - for standard input, or --cluster for what runs"
              + " there");
    }
    requireOneScope(arguments, running);
    return running;
  }

  /// Refuses {@link #ALL_NAMESPACES} where it means nothing, or contradicts `-n`.
  ///
  /// @param running whether the pods of a cluster are asked about
  public static void requireOneScope(Arguments arguments, boolean running) throws UsageException {
    if (arguments.has(ALL_NAMESPACES)) {
      if (!running) {
        throw new UsageException("-A is for --cluster without files");
      }
      if (arguments.has(PolicyOptions.NAMESPACE)) {
        throw new UsageException("-A means all namespaces, and -n one; give one of the two");
      }
    }
  }

  /// The value of {@link #KUBECONFIG}; null where it was not given.
  public static @Nullable Path kubeconfig(Arguments arguments) throws UsageException {
    return arguments.path(KUBECONFIG);
  }

  /// Connects by {@link #KUBECONFIG} and {@link #CONTEXT}.
  public static ClusterConnection open(Arguments arguments) throws UsageException, IOException {
    return ClusterConnection.open(kubeconfig(arguments), arguments.value(CONTEXT));
  }
}
