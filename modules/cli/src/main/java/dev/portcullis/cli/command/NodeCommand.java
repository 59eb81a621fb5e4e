package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.log.JsonLines;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.ClusterOptions;
import dev.portcullis.cli.options.ClusterProfileOptions;
import dev.portcullis.cli.options.FilterOptions;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.JudgeOptions;
import dev.portcullis.cli.options.ListenAddress;
import dev.portcullis.cli.options.NodeRunOptions;
import dev.portcullis.cli.options.Option;
import dev.portcullis.cli.options.ProfileRootOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UnixSocket;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.running.ShutdownHook;
import dev.portcullis.node.NodeOptions;
import dev.portcullis.node.NodeServer;
import dev.portcullis.node.systemd.ServiceManager;
import dev.portcullis.seccomp.compile.Compiler;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// `portcullis node`
final class NodeCommand {
  private static final Option LISTEN =
      Option.value(
          "listen", "unix:///PATH", "socket for the kubelet (default: cri.sock below --run-dir)");
  private static final Option DEFAULT_CAPABILITIES =
      Option.value(
              "default-capabilities",
              "NAME,...",
              "default capabilities of the runtime, if it does not report them and is configured"
                  + " otherwise than usual (default: what is known of it)")
          .taking(FilterOptions.CAPABILITY_NAMES);
  private static final Option HEALTH_LISTEN =
      NodeRunOptions.HEALTH_LISTEN.meaning("where on loopback /healthz, /readyz and /metrics are");

  static final Verb VERB =
      new Verb(
          "node",
          new Help(
              "run the proxy between a kubelet and its runtime",
              List.of("[options]"),
              "Stands between the kubelet and its runtime, gives each container the profile "
                  + "that its pod names, and checks the filter in the kernel, until a "
                  + "signal ends it. It needs root and logs lines of JSON to standard error.",
              List.of(
                  new Help.Example("node", "before containerd, on its usual socket"),
                  new Help.Example(
                      "node --runtime-endpoint unix:///run/crio/crio.sock", "before CRI-O"),
                  new Help.Example(
                      "node --profiles-namespace portcullis-profiles --kubeconfig "
                          + "/etc/kubernetes/kubelet.conf",
                      "and write the profiles of the cluster's ConfigMaps")),
              Map.of(ExitCode.OK, "ended by a signal"),
              "node.md"),
          Grammar.of(
              LISTEN,
              RuntimeOptions.USUAL_ENDPOINT,
              ProfileRootOptions.ROOT_DIR,
              ProfileRootOptions.SECCOMP_PROFILE_ROOT,
              ProfileRootOptions.ALLOW_LISTENER,
              JudgeOptions.DEFAULT_PROFILE,
              DEFAULT_CAPABILITIES,
              NodeRunOptions.DENIALS,
              NodeRunOptions.RECORD,
              NodeRunOptions.RECORDINGS_NAMESPACE,
              NodeRunOptions.RUN_DIR,
              HEALTH_LISTEN,
              ClusterProfileOptions.PROFILES_NAMESPACE,
              ClusterOptions.KUBECONFIG,
              ClusterProfileOptions.NODE_NAME,
              ClusterProfileOptions.LIBSECCOMP),
          NodeCommand::run);

  private NodeCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    arguments.requireNoOperands();
    NodeOptions options = options(arguments);
    JsonLines.to(terminal.err());
    ServiceManager manager =
        ServiceManager.of(terminal.environment(), ProcessHandle.current().pid());
    try (ShutdownHook _ = ShutdownHook.interruptsThisThread(terminal.out());
        NodeServer node = NodeServer.start(options, manager, System.getProperty("os.arch"))) {
      ShutdownHook.awaitSignal();
      node.drain();
    }
    return ExitCode.OK;
  }

  static NodeOptions options(Arguments arguments) throws UsageException, IOException {
    String listen = arguments.value(LISTEN);
    return new NodeOptions(
        listen == null
            ? NodeRunOptions.runDirectory(arguments).resolve("cri.sock")
            : UnixSocket.path(LISTEN, listen),
        UnixSocket.text(
            UnixSocket.path(
                RuntimeOptions.USUAL_ENDPOINT, arguments.text(RuntimeOptions.USUAL_ENDPOINT))),
        FilterOptions.capabilities(DEFAULT_CAPABILITIES, arguments),
        ProfileRootOptions.profileRoot(arguments).toAbsolutePath().normalize(),
        ProfileRootOptions.allowedListeners(arguments),
        JudgeOptions.defaultProfile(arguments),
        NodeRunOptions.snapshots(arguments),
        NodeRunOptions.records(arguments),
        arguments.has(NodeRunOptions.DENIALS) ? NodeRunOptions.denials(arguments) : null,
        arguments.has(NodeRunOptions.RECORD) ? NodeRunOptions.recordings(arguments) : null,
        NodeRunOptions.recordingsNamespace(arguments),
        ListenAddress.loopback(HEALTH_LISTEN, arguments.text(HEALTH_LISTEN)),
        ClusterProfileOptions.read(
            arguments, ClusterProfileOptions.PROFILES_NAMESPACE, Compiler::versionOfThisMachine));
  }
}
