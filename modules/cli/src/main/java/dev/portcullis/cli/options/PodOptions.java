package dev.portcullis.cli.options;

import java.util.List;

/// Which container of a pod is meant by `pod/NAME`.
public final class PodOptions {
  public static final Option NAMESPACE =
      PolicyOptions.NAMESPACE.meaning("namespace of pod/NAME").usually("default");

  public static final Option CONTAINER =
      Option.value("container", "NAME", "container of pod/NAME (default: the only one)").or('c');

  /// All of them, and those by which its node is asked for, for the grammar of a verb.
  public static final List<Option> ALL =
      List.of(NAMESPACE, CONTAINER, ClusterOptions.KUBECONFIG, ClusterOptions.CONTEXT);

  private PodOptions() {}
}
