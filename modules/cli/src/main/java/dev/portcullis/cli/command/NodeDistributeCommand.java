package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.log.JsonLines;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ClusterOptions;
import dev.portcullis.cli.options.ClusterProfileOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.ListenAddress;
import dev.portcullis.cli.options.NodeRunOptions;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.ProfileRootOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.running.ShutdownHook;
import dev.portcullis.node.DistributionOptions;
import dev.portcullis.node.DistributionServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// `portcullis node distribute`
final class NodeDistributeCommand {
  /// With the namespace that deploy/ has.
  private static final Option PROFILES_NAMESPACE =
      ClusterProfileOptions.PROFILES_NAMESPACE.usually("portcullis-profiles");

  static final Verb VERB =
      new Verb(
          "node distribute",
          new Help(
              "write the cluster's profiles below the profile root",
              List.of("[options]"),
              "Follows the ConfigMaps that are labelled for nodes, writes their profiles "
                  + "below the profile root, and reports what this node has, until a "
                  + "signal ends it. It logs lines of JSON to standard error.",
              List.of(
                  new Help.Example(
                      "node distribute", "in a pod of each node, as deploy/nodes runs it"),
                  new Help.Example(
                      "node distribute --node-name worker-1 --kubeconfig ~/.kube/config "
                          + "--seccomp-profile-root /tmp/profiles",
                      "elsewhere, to see what would be written")),
              Map.of(ExitCode.OK, "ended by a signal"),
              "distribution.md"),
          Grammar.of(
              PROFILES_NAMESPACE,
              ClusterOptions.KUBECONFIG,
              ClusterProfileOptions.NODE_NAME,
              ClusterProfileOptions.LIBSECCOMP,
              ProfileRootOptions.ROOT_DIR,
              ProfileRootOptions.SECCOMP_PROFILE_ROOT,
              NodeRunOptions.HEALTH_LISTEN),
          NodeDistributeCommand::run);

  private NodeDistributeCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    arguments.requireNoOperands();
    DistributionOptions options =
        Objects.requireNonNull(
            ClusterProfileOptions.read(
                arguments,
                PROFILES_NAMESPACE,
                // The library beside this process is that of its image, not the node's.
                Optional::empty),
            "the option has a usual value");
    Path root = ProfileRootOptions.profileRoot(arguments).toAbsolutePath().normalize();
    InetSocketAddress listen =
        ListenAddress.parse(
            NodeRunOptions.HEALTH_LISTEN, arguments.text(NodeRunOptions.HEALTH_LISTEN));
    JsonLines.to(terminal.err());
    try (ShutdownHook _ = ShutdownHook.interruptsThisThread(terminal.out());
        DistributionServer _ = DistributionServer.start(options, root, listen)) {
      ShutdownHook.awaitSignal();
    }
    return ExitCode.OK;
  }
}
