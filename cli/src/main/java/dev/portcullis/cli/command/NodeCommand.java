package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.FilterOptions;
import dev.portcullis.cli.input.JudgeOptions;
import dev.portcullis.cli.log.JsonLines;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.CommonOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.running.ShutdownHook;
import dev.portcullis.node.DistributionOptions;
import dev.portcullis.node.NodeOptions;
import dev.portcullis.node.NodeServer;
import dev.portcullis.node.systemd.ServiceManager;
import dev.portcullis.seccomp.compile.Compiler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `portcullis node`
final class NodeCommand implements Command {
  static final String USUAL_RUNTIME = "unix:///run/containerd/containerd.sock";

  private static final Option LISTEN =
      Option.value(
          "listen",
          "unix:///PATH",
          "socket for the kubelet (default: unix:///run/portcullis/cri.sock)");
  static final Option RUN_DIR =
      Option.value(
          "run-dir",
          "DIR",
          "where snapshots of profiles are kept for the runtime (default: /run/portcullis)");
  private static final Option DEFAULT_CAPABILITIES =
      Option.value(
          "default-capabilities",
          "NAME,...",
          "what the runtime gives to containers by itself, where it does not tell and is configured"
              + " otherwise than usual");
  private static final Option HEALTH_LISTEN =
      Option.value(
          "health-listen",
          "ADDR:PORT",
          "where on loopback /healthz, /readyz and /metrics are (default: 127.0.0.1:10289)");

  private static final String UNIX = "unix://";
  private static final Pattern LOOPBACK =
      Pattern.compile("127(\\.(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}|::1|localhost");

  @Override
  public String name() {
    return "node";
  }

  @Override
  public String summary() {
    return "serve a node: between its kubelet and its runtime";
  }

  @Override
  public String usage() {
    return "[options]";
  }

  @Override
  public Grammar grammar() {
    return Grammar.of(
        LISTEN,
        CommonOptions.RUNTIME_ENDPOINT,
        CommonOptions.ROOT_DIR,
        CommonOptions.SECCOMP_PROFILE_ROOT,
        CommonOptions.ALLOW_LISTENER,
        CommonOptions.DEFAULT_PROFILE,
        DEFAULT_CAPABILITIES,
        RUN_DIR,
        HEALTH_LISTEN,
        DistributionArguments.NAMESPACE,
        CommonOptions.KUBECONFIG,
        DistributionArguments.NODE_NAME,
        DistributionArguments.LIBSECCOMP);
  }

  @Override
  public ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    if (!arguments.operands().isEmpty()) {
      throw new UsageException("unexpected argument \"" + arguments.operands().getFirst() + "\"");
    }
    NodeOptions options = options(arguments);
    JsonLines.to(terminal.err());
    ServiceManager manager =
        ServiceManager.of(terminal.environment(), ProcessHandle.current().pid());
    try (ShutdownHook _ = ShutdownHook.interruptsThisThread();
        NodeServer node = NodeServer.start(options, manager, System.getProperty("os.arch"))) {
      ShutdownHook.awaitSignal();
      node.drain();
    }
    return ExitCode.OK;
  }

  static NodeOptions options(Arguments arguments) throws UsageException, IOException {
    Path runDir = runDir(arguments);
    return new NodeOptions(
        socket("--listen", arguments.value(LISTEN, UNIX + runDir.resolve("cri.sock"))),
        UNIX
            + socket(
                "--runtime-endpoint",
                arguments.value(CommonOptions.RUNTIME_ENDPOINT, USUAL_RUNTIME)),
        FilterOptions.capabilities(DEFAULT_CAPABILITIES, arguments),
        CommonOptions.profileRoot(arguments).toAbsolutePath().normalize(),
        CommonOptions.allowedListeners(arguments),
        JudgeOptions.defaultProfile(arguments),
        snapshots(arguments),
        records(arguments),
        health(arguments.value(HEALTH_LISTEN, "127.0.0.1:10289")),
        distribution(arguments));
  }

  private static @Nullable DistributionOptions distribution(Arguments arguments)
      throws UsageException, IOException {
    String namespace = arguments.value(DistributionArguments.NAMESPACE);
    if (namespace != null) {
      return DistributionArguments.read(
          arguments, namespace, Compiler.versionOfThisMachine().orElse(null));
    }
    for (Option option :
        List.of(
            CommonOptions.KUBECONFIG,
            DistributionArguments.NODE_NAME,
            DistributionArguments.LIBSECCOMP)) {
      if (arguments.value(option) != null) {
        throw new UsageException(
            "--"
                + option.name()
                + " is for profiles that come from the cluster; give --profiles-namespace, too");
      }
    }
    return null;
  }

  private static Path runDir(Arguments arguments) throws UsageException {
    List<Path> named = arguments.paths(RUN_DIR);
    return (named.isEmpty() ? Path.of("/run/portcullis") : named.getFirst())
        .toAbsolutePath()
        .normalize();
  }

  static Path snapshots(Arguments arguments) throws UsageException {
    return runDir(arguments).resolve("profiles");
  }

  static Path records(Arguments arguments) throws UsageException {
    return runDir(arguments).resolve("records");
  }

  static Path socket(String option, String text) throws UsageException {
    if (!text.startsWith("unix:///") || text.indexOf('\0') >= 0) {
      throw new UsageException(option + ": \"" + text + "\" must be unix:// and an absolute path");
    }
    return Path.of(text.substring(UNIX.length())).normalize();
  }

  private static InetSocketAddress health(String text) throws UsageException {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon).replaceAll("^\\[|]$", "");
    String port = text.substring(colon + 1);
    if (!LOOPBACK.matcher(host).matches()
        || !port.matches("[0-9]{1,5}")
        || Integer.parseInt(port) > 65535
        || new InetSocketAddress(host, 0).isUnresolved()) {
      throw new UsageException(
          "--health-listen \""
              + text
              + "\" is not a loopback address with a port, such as 127.0.0.1:10289 or [::1]:10289");
    }
    return new InetSocketAddress(host, Integer.parseInt(port));
  }
}
