package dev.portcullis.cli.options;

import dev.portcullis.node.DistributionOptions;
import dev.portcullis.pods.object.ObjectNames;
import dev.portcullis.seccomp.runtime.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The options about profiles that come from the cluster.
public final class ClusterProfileOptions {
  public static final Option PROFILES_NAMESPACE =
      Option.value(
          "profiles-namespace",
          "NS",
          "write the profiles of this namespace's ConfigMaps below the profile root (default: none)");

  public static final Option NODE_NAME =
      Option.value("node-name", "NAME", "name of this machine's Node (default: the hostname)");

  public static final Option LIBSECCOMP =
      Option.value(
          "libseccomp",
          "VERSION",
          "libseccomp of this node's OCI runtime, as `runc --version` has it, which the cluster is"
              + " told (default: this machine's, or in a container none)");

  private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

  private ClusterProfileOptions() {}

  /// The value of {@link #PROFILES_NAMESPACE}; null where it was not given and is not usual.
  ///
  /// @param option as a verb has it
  public static @Nullable String namespace(Arguments arguments, Option option)
      throws UsageException {
    String namespace = arguments.valueOrUsual(option);
    if (namespace != null && !ObjectNames.isLabel(namespace)) {
      throw new UsageException(
          "--profiles-namespace \"" + namespace + "\" is not a valid namespace name");
    }
    return namespace;
  }

  /// What a node takes from its cluster, and reports to it; null where no namespace was given.
  ///
  /// @param namespaceOption {@link #PROFILES_NAMESPACE}, as the verb has it
  /// @param installed asked for the version of libseccomp where none is given
  public static @Nullable DistributionOptions read(
      Arguments arguments, Option namespaceOption, Supplier<Optional<String>> installed)
      throws UsageException, IOException {
    String namespace = namespace(arguments, namespaceOption);
    if (namespace == null) {
      refuseWithoutNamespace(arguments);
      return null;
    }
    String node = arguments.value(NODE_NAME);
    if (node == null) {
      // As the kubelet names its Node.
      node = Files.readString(HOSTNAME).strip().toLowerCase(Locale.ROOT);
    }
    if (!node.matches("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?")) {
      throw new UsageException(
          "\"" + node + "\" is not a valid Node name; give it with --node-name");
    }
    String libseccomp = arguments.value(LIBSECCOMP);
    if (libseccomp != null && Version.read(libseccomp) == null) {
      throw new UsageException(
          "--libseccomp \"" + libseccomp + "\" is not a version such as 2.5.4");
    }
    return new DistributionOptions(
        namespace,
        ClusterOptions.kubeconfig(arguments),
        node,
        libseccomp == null ? installed.get().orElse(null) : libseccomp);
  }

  private static void refuseWithoutNamespace(Arguments arguments) throws UsageException {
    for (Option option : List.of(ClusterOptions.KUBECONFIG, NODE_NAME, LIBSECCOMP)) {
      if (arguments.has(option)) {
        throw new UsageException(
            option.text()
                + " is for profiles that come from the cluster; give --profiles-namespace, too");
      }
    }
  }
}
