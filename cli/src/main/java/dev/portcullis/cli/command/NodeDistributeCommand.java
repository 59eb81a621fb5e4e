package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.log.JsonLines;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.CommonOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.ListenAddress;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.running.ShutdownHook;
import dev.portcullis.node.DistributionOptions;
import dev.portcullis.node.DistributionServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/// `portcullis node distribute`
final class NodeDistributeCommand implements Command {
  /// What deploy/ has.
  private static final String USUAL_NAMESPACE = "portcullis-profiles";

  private static final Option HEALTH_LISTEN =
      Option.value(
          "health-listen",
          "[ADDR]:PORT",
          "where /healthz, /readyz and /metrics are (default: 127.0.0.1:10289)");

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
        DistributionArguments.NAMESPACE,
        CommonOptions.KUBECONFIG,
        DistributionArguments.NODE_NAME,
        DistributionArguments.LIBSECCOMP,
        CommonOptions.ROOT_DIR,
        CommonOptions.SECCOMP_PROFILE_ROOT,
        HEALTH_LISTEN);
  }

  @Override
  public ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    if (!arguments.operands().isEmpty()) {
      throw new UsageException("unexpected argument \"" + arguments.operands().getFirst() + "\"");
    }
    DistributionOptions options =
        DistributionArguments.read(
            arguments,
            arguments.value(DistributionArguments.NAMESPACE, USUAL_NAMESPACE),
            // The library beside this process is that of its image, not the node's.
            null);
    Path root = CommonOptions.profileRoot(arguments).toAbsolutePath().normalize();
    InetSocketAddress listen =
        ListenAddress.parse("--health-listen", arguments.value(HEALTH_LISTEN, "127.0.0.1:10289"));
    JsonLines.to(terminal.err());
    try (ShutdownHook _ = ShutdownHook.interruptsThisThread();
        DistributionServer _ = DistributionServer.start(options, root, listen)) {
      ShutdownHook.awaitSignal();
    }
    return ExitCode.OK;
  }
}
