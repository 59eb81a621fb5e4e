package dev.portcullis.cli.input;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.CommonOptions;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cluster.ClusterConnection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The policies by which a command judges, from files or from a cluster.
///
/// @param namespace of objects that name none: as the user says, else as the kubeconfig does
/// @param where they come from, in words
/// @param cluster whether they come from one
public record PolicySource(PolicySet set, String namespace, String where, boolean cluster) {
  /// What {@link #read} looks at, for the grammar of a verb.
  public static final List<Option> OPTIONS =
      List.of(
          CommonOptions.POLICY,
          CommonOptions.CLUSTER,
          CommonOptions.KUBECONFIG,
          CommonOptions.NAMESPACE);

  static final String DEFAULT_NAMESPACE = "default";

  /// Reads them; null where the arguments name no place.
  public static @Nullable PolicySource read(Arguments arguments, InputStream stream)
      throws UsageException, IOException {
    List<String> paths = arguments.values(CommonOptions.POLICY);
    String kubeconfig = arguments.value(CommonOptions.KUBECONFIG);
    String namespace = arguments.value(CommonOptions.NAMESPACE);
    if (!arguments.has(CommonOptions.CLUSTER)) {
      if (kubeconfig != null) {
        throw new UsageException("--kubeconfig requires --cluster");
      }
      String in = namespace == null ? DEFAULT_NAMESPACE : namespace;
      return paths.isEmpty()
          ? null
          : new PolicySource(
              PolicySet.ofFiles(paths, in, stream), in, String.join(", ", paths), false);
    }
    if (!paths.isEmpty()) {
      throw new UsageException(
          "--cluster takes the policies from a cluster, --policy from files; give one of them");
    }
    try (ClusterConnection connection =
        ClusterConnection.open(kubeconfig == null ? null : Path.of(kubeconfig))) {
      String ofContext = connection.namespace();
      return new PolicySource(
          PolicySet.ofCluster(connection),
          namespace != null ? namespace : ofContext != null ? ofContext : DEFAULT_NAMESPACE,
          "the cluster at " + connection.server(),
          true);
    }
  }
}
