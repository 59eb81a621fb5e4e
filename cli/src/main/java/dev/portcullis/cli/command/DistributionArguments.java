package dev.portcullis.cli.command;

import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.CommonOptions;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.node.DistributionOptions;
import dev.portcullis.seccomp.runtime.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The options about profiles that come from the cluster.
final class DistributionArguments {
  static final Option NAMESPACE =
      Option.value(
          "profiles-namespace",
          "NS",
          "write the profiles of this namespace's ConfigMaps below the profile root");

  static final Option NODE_NAME =
      Option.value("node-name", "NAME", "name of this machine's Node (default: the hostname)");

  static final Option LIBSECCOMP =
      Option.value(
          "libseccomp",
          "VERSION",
          "libseccomp of this node's OCI runtime, as `runc --version` has it, which the cluster is"
              + " told");

  private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

  private DistributionArguments() {}

  static void checkNamespace(String namespace) throws UsageException {
    if (!namespace.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")) {
      throw new UsageException(
          "--profiles-namespace \"" + namespace + "\" is not a valid namespace name");
    }
  }

  /// @param installed the libseccomp where none is given; null where that is not known
  static DistributionOptions read(Arguments arguments, String namespace, @Nullable String installed)
      throws UsageException, IOException {
    checkNamespace(namespace);
    String kubeconfig = arguments.value(CommonOptions.KUBECONFIG);
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
        kubeconfig == null ? null : Path.of(kubeconfig),
        node,
        libseccomp == null ? installed : libseccomp);
  }
}
