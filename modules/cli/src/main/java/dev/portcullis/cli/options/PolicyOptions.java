package dev.portcullis.cli.options;

import dev.portcullis.pods.object.ObjectNames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the policies and the RBAC objects come from that pods are judged by.
public final class PolicyOptions {
  public static final Option POLICY =
      Option.values(
          "policy", "PATH", "file or directory of policies and RBAC objects; may be repeated");

  public static final Option CLUSTER =
      Option.flag("cluster", "take policies and RBAC from the cluster of the kubeconfig");

  public static final Option NAMESPACE =
      Option.value(
              "namespace",
              "NAME",
              "namespace of objects that name none (default: default, or with --cluster that of the"
                  + " kubeconfig)")
          .or('n');

  /// All of them, for the grammar of a verb.
  public static final List<Option> ALL =
      List.of(POLICY, CLUSTER, ClusterOptions.KUBECONFIG, ClusterOptions.CONTEXT, NAMESPACE);

  private PolicyOptions() {}

  /// The value of {@link #NAMESPACE}; null where it was not given.
  public static @Nullable String namespace(Arguments arguments) throws UsageException {
    String namespace = arguments.value(NAMESPACE);
    if (namespace != null && !ObjectNames.isLabel(namespace)) {
      throw new UsageException(NAMESPACE.text() + ": \"" + namespace + "\" " + ObjectNames.LABEL);
    }
    return namespace;
  }
}
