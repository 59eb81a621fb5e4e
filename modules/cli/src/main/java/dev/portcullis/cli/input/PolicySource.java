package dev.portcullis.cli.input;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ClusterOptions;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.PolicyOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cluster.ClusterConnection;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The policies by which a command judges, from files or from a cluster.
///
/// @param namespace of objects that name none: as the user says, else as the kubeconfig does
/// @param where they come from, in words
/// @param cluster whether they come from one
public record PolicySource(PolicySet set, String namespace, String where, boolean cluster) {
  private static final String DEFAULT_NAMESPACE = "default";

  /// The namespace of objects in files that name none.
  public static String namespace(Arguments arguments) throws UsageException {
    String namespace = PolicyOptions.namespace(arguments);
    return namespace == null ? DEFAULT_NAMESPACE : namespace;
  }

  /// Reads them by {@link PolicyOptions#ALL}; null where the arguments name no place.
  public static @Nullable PolicySource read(Arguments arguments, InputStream stream)
      throws UsageException, IOException {
    List<String> paths = arguments.values(PolicyOptions.POLICY);
    String namespace = PolicyOptions.namespace(arguments);
    if (!arguments.has(PolicyOptions.CLUSTER)) {
      for (Option option : List.of(ClusterOptions.KUBECONFIG, ClusterOptions.CONTEXT)) {
        if (arguments.has(option)) {
          throw new UsageException(option.text() + " requires --cluster");
        }
      }
      String in = namespace(arguments);
      return paths.isEmpty()
          ? null
          : new PolicySource(
              PolicySet.ofFiles(paths, in, stream), in, String.join(", ", paths), false);
    }
    if (!paths.isEmpty()) {
      throw new UsageException(
          "--cluster takes the policies from a cluster, --policy from files; give one of them");
    }
    try (ClusterConnection connection = ClusterOptions.open(arguments)) {
      String ofContext = connection.namespace();
      return new PolicySource(
          PolicySet.ofCluster(connection),
          namespace != null ? namespace : ofContext != null ? ofContext : DEFAULT_NAMESPACE,
          "the cluster at " + connection.server(),
          true);
    }
  }
}
