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
import java.util.Optional;

/// `portcullis node distribute`
final class NodeDistributeCommand implements Command {
  /// With the namespace that deploy/ has.
  private static final Option PROFILES_NAMESPACE =
      ClusterProfileOptions.PROFILES_NAMESPACE.usually("portcullis-profiles");

  @Override
  public String name() {
    return "node distribute";
  }

  @Override
  public String summary() {
    return "write the profiles that are kept in ConfigMaps below the profile root";
  }

  @Override
  public String usage() {
    return "[options]";
  }

  @Override
  public Grammar grammar() {
    return Grammar.of(
        PROFILES_NAMESPACE,
        ClusterOptions.KUBECONFIG,
        ClusterProfileOptions.NODE_NAME,
        ClusterProfileOptions.LIBSECCOMP,
        ProfileRootOptions.ROOT_DIR,
        ProfileRootOptions.SECCOMP_PROFILE_ROOT,
        NodeRunOptions.HEALTH_LISTEN);
  }

  @Override
  public ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    if (!arguments.operands().isEmpty()) {
      throw new UsageException("unexpected argument \"" + arguments.operands().getFirst() + "\"");
    }
    DistributionOptions options =
        ClusterProfileOptions.read(
            arguments,
            PROFILES_NAMESPACE,
            // The library beside this process is that of its image, not the node's.
            Optional::empty);
    Path root = ProfileRootOptions.profileRoot(arguments).toAbsolutePath().normalize();
    InetSocketAddress listen =
        ListenAddress.parse(
            NodeRunOptions.HEALTH_LISTEN, arguments.text(NodeRunOptions.HEALTH_LISTEN));
    JsonLines.to(terminal.err());
    try (ShutdownHook _ = ShutdownHook.interruptsThisThread();
        DistributionServer _ = DistributionServer.start(options, root, listen)) {
      ShutdownHook.awaitSignal();
    }
    return ExitCode.OK;
  }
}
