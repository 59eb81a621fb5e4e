package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.log.JsonLines;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.ListenAddress;
import dev.portcullis.cli.options.NodeRunOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UnixSocket;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.running.ShutdownHook;
import dev.portcullis.node.DenialServer;
import dev.portcullis.node.DenialServerOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// `portcullis node watch`
final class NodeWatchCommand {
  static final Verb VERB =
      new Verb(
          "node watch",
          new Help(
              "count the system calls that seccomp refuses to containers, without the proxy",
              List.of("[options]"),
              "Does what node --denials does, if the kubelet calls its runtime directly: asks"
                  + " the runtime which containers run, and counts what is refused to them, until a"
                  + " signal ends it. It needs root in the first pid namespace, and logs lines of"
                  + " JSON to standard error.",
              List.of(
                  new Help.Example(
                      "node watch", "in a pod of each node, as deploy/denials runs it"),
                  new Help.Example(
                      "node watch --runtime-endpoint unix:///run/crio/crio.sock", "beside CRI-O")),
              Map.of(ExitCode.OK, "ended by a signal"),
              "denials.md"),
          Grammar.of(
              RuntimeOptions.USUAL_ENDPOINT, NodeRunOptions.RUN_DIR, NodeRunOptions.HEALTH_LISTEN),
          NodeWatchCommand::run);

  private NodeWatchCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    arguments.requireNoOperands();
    DenialServerOptions options =
        new DenialServerOptions(
            UnixSocket.text(
                UnixSocket.path(
                    RuntimeOptions.USUAL_ENDPOINT, arguments.text(RuntimeOptions.USUAL_ENDPOINT))),
            NodeRunOptions.denials(arguments),
            NodeRunOptions.snapshots(arguments),
            NodeRunOptions.records(arguments),
            ListenAddress.parse(
                NodeRunOptions.HEALTH_LISTEN, arguments.text(NodeRunOptions.HEALTH_LISTEN)));
    JsonLines.to(terminal.err());
    try (ShutdownHook _ = ShutdownHook.interruptsThisThread(terminal.out());
        DenialServer _ = DenialServer.start(options, System.getProperty("os.arch"))) {
      ShutdownHook.awaitSignal();
    }
    return ExitCode.OK;
  }
}
