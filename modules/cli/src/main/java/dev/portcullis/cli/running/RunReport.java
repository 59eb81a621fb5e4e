package dev.portcullis.cli.running;

import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Table;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.result.KernelWords;
import dev.portcullis.cli.result.PodJson;
import dev.portcullis.cli.result.PodReport;
import dev.portcullis.cli.result.ProofWords;
import dev.portcullis.cli.result.Report;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.kernel.process.SeccompState;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.run.pod.PodOutcome;
import dev.portcullis.run.pod.PodOutcome.ContainerOutcome;
import java.util.ArrayList;
import java.util.List;

/// How the containers stand, in the kernel's words.
///
/// @param pods in the order of the outcomes; none while they run
/// @param proven whether there is a column for what was proven
public record RunReport(List<PreparedPod> pods, List<PodOutcome> outcomes, boolean proven)
    implements Report {
  /// After KERNEL.
  private static final int PROVEN_COLUMN = 5;

  public RunReport {
    pods = List.copyOf(pods);
    outcomes = List.copyOf(outcomes);
  }

  /// The table: a row for every container.
  @Override
  public void table(Terminal terminal) {
    List<String> heads =
        new ArrayList<>(
            List.of("POD", "CONTAINER", "PROFILE", "ORIGIN", "KERNEL", "STATE", "EXIT"));
    if (proven) {
      heads.add(PROVEN_COLUMN, "PROOF");
    }
    Table table = new Table(heads.toArray(String[]::new));
    for (PodOutcome outcome : outcomes) {
      for (ContainerOutcome container : outcome.containers()) {
        Admitted decision = container.plan().decision();
        List<Table.Cell> cells =
            new ArrayList<>(
                List.of(
                    Table.Cell.of(outcome.plan().identity().label()),
                    Table.Cell.of(PodReport.label(decision.container())),
                    Table.Cell.of(PodReport.profile(decision)),
                    Table.Cell.of(decision.origin().text()),
                    new Table.Cell(KernelWords.of(container.kernel()), paint(container)),
                    Table.Cell.of(container.phase().text()),
                    exit(container)));
        if (proven) {
          cells.add(PROVEN_COLUMN, ProofWords.cell(container.proof()));
        }
        table.row(cells.toArray(Table.Cell[]::new));
      }
    }
    table.print(terminal);
  }

  private static Paint paint(ContainerOutcome container) {
    SeccompState state = container.kernel();
    if (state == null) {
      return Paint.PLAIN;
    }
    boolean filtered = state.mode() != SeccompState.Mode.DISABLED;
    boolean wanted = !container.plan().decision().runsUnconfined();
    if (filtered) {
      return Paint.GOOD;
    }
    return wanted ? Paint.BAD : Paint.WARNING;
  }

  private static Table.Cell exit(ContainerOutcome container) {
    Integer code = container.exitCode();
    if (code == null) {
      return Table.Cell.of("-");
    }
    boolean bad = code != 0 && container.phase() == PodOutcome.Phase.ENDED;
    return new Table.Cell(code.toString(), bad ? Paint.BAD : Paint.PLAIN);
  }

  /// The pods of `check`, and for each container what the kernel reported and how it ended.
  @Override
  public Mapping document() {
    List<Mapping> all = new ArrayList<>();
    for (int i = 0; i < pods.size(); i++) {
      all.add(json(pods.get(i), outcomes.get(i)));
    }
    return PodJson.document(all, List.of());
  }

  private Mapping json(PreparedPod pod, PodOutcome outcome) {
    return PodJson.pod(
        pod.judged(),
        (decision, json) -> {
          for (ContainerOutcome container : outcome.containers()) {
            if (container.plan().name().equals(decision.container().name())) {
              add(container, json);
            }
          }
        });
  }

  private void add(ContainerOutcome container, MappingBuilder json) {
    SeccompState state = container.kernel();
    if (state == null) {
      json.putNull("kernel");
    } else {
      MappingBuilder kernel = new MappingBuilder().put("mode", state.mode().number());
      Integer filters = state.filters();
      if (filters == null) {
        kernel.putNull("filters");
      } else {
        kernel.put("filters", filters);
      }
      if (proven) {
        ProofWords.put(container.proof(), kernel);
      }
      json.put("kernel", kernel.build());
    }
    Integer code = container.exitCode();
    if (code == null) {
      json.putNull("exitCode");
    } else {
      json.put("exitCode", code);
    }
  }
}
