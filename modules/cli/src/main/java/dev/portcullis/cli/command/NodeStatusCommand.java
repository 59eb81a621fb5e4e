package dev.portcullis.cli.command;

import dev.portcullis.cli.exit.ExitCode;
import dev.portcullis.cli.input.CommandCompiler;
import dev.portcullis.cli.options.Arguments;
import dev.portcullis.cli.options.Grammar;
import dev.portcullis.cli.options.NodeRunOptions;
import dev.portcullis.cli.options.OutputFormat;
import dev.portcullis.cli.options.OutputOptions;
import dev.portcullis.cli.options.RuntimeOptions;
import dev.portcullis.cli.options.UsageException;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.NodeReport;
import dev.portcullis.container.profiles.Snapshots;
import dev.portcullis.cri.Cri;
import dev.portcullis.cri.CriException;
import dev.portcullis.node.proxy.RecordStore;
import dev.portcullis.node.truth.ContainerFacts;
import dev.portcullis.node.truth.ContainerProofs;
import dev.portcullis.node.truth.NodeInspector;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// `portcullis node status`
final class NodeStatusCommand {
  static final Verb VERB =
      new Verb(
          "node status",
          new Help(
              "show the profiles of containers, and their filters in the kernel",
              List.of("[options]"),
              "Asks the runtime which containers run, and the kernel which filters their "
                  + "processes have. It needs root.",
              List.of(
                  new Help.Example(
                      "node status", "every running container of containerd's usual socket"),
                  new Help.Example(
                      "node status --prove",
                      "and whether each filter is that of its profile, exactly"),
                  new Help.Example(
                      "node status --runtime-endpoint unix:///run/crio/crio.sock -o json",
                      "of CRI-O, for a program")),
              Map.of(
                  ExitCode.OK,
                  "each container runs as it should",
                  ExitCode.REFUSED,
                  "one does not; a warning says which"),
              "node.md"),
          Grammar.of(
              NodeRunOptions.PROVE,
              NodeRunOptions.RUN_DIR,
              RuntimeOptions.USUAL_ENDPOINT,
              OutputOptions.OUTPUT),
          NodeStatusCommand::run);

  private NodeStatusCommand() {}

  private static ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    arguments.requireNoOperands();
    OutputFormat format = arguments.output();
    List<ContainerFacts> running =
        look(
            arguments.text(RuntimeOptions.USUAL_ENDPOINT),
            new ContainerProofs(
                new Snapshots(NodeRunOptions.snapshots(arguments)),
                arguments.has(NodeRunOptions.PROVE),
                CommandCompiler.get()),
            new RecordStore(NodeRunOptions.records(arguments)));
    new NodeReport(running).print(format, terminal);
    Reporter reporter = new Reporter(terminal);
    for (ContainerFacts container : running) {
      String remark = NodeReport.remark(container);
      if (remark != null) {
        reporter.note(remark);
      }
      if (container.state().isBad()) {
        reporter.warn(NodeReport.alarm(container));
        reporter.worsen(ExitCode.REFUSED);
      }
    }
    return reporter.code();
  }

  private static List<ContainerFacts> look(
      String endpoint, ContainerProofs proofs, RecordStore records)
      throws IOException, InterruptedException {
    try (Cri cri = Cri.observe(endpoint)) {
      return new NodeInspector(proofs, records).look(cri).running();
    } catch (CriException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
