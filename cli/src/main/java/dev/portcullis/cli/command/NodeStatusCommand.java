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

/// `portcullis node status`
final class NodeStatusCommand implements Command {
  @Override
  public String name() {
    return "node status";
  }

  @Override
  public String summary() {
    return "show what each running container should run under, and what the kernel says";
  }

  @Override
  public String usage() {
    return "[--prove] [--runtime-endpoint unix:///PATH] [-o table|json]";
  }

  @Override
  public Grammar grammar() {
    return Grammar.of(
        NodeRunOptions.PROVE,
        NodeRunOptions.RUN_DIR,
        RuntimeOptions.USUAL_ENDPOINT,
        OutputOptions.OUTPUT);
  }

  @Override
  public ExitCode run(Arguments arguments, Terminal terminal)
      throws UsageException, IOException, InterruptedException {
    if (!arguments.operands().isEmpty()) {
      throw new UsageException("unexpected argument \"" + arguments.operands().getFirst() + "\"");
    }
    boolean table = arguments.output() == OutputFormat.TABLE;
    List<ContainerFacts> running =
        look(
            arguments.text(RuntimeOptions.USUAL_ENDPOINT),
            new ContainerProofs(
                new Snapshots(NodeRunOptions.snapshots(arguments)),
                arguments.has(NodeRunOptions.PROVE),
                CommandCompiler.get()),
            new RecordStore(NodeRunOptions.records(arguments)));
    if (table) {
      NodeReport.table(running, terminal.out(), terminal.colour());
    } else {
      terminal.out().println(NodeReport.json(running));
    }
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
