package dev.portcullis.cli.running;

import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Table;
import dev.portcullis.cli.result.KernelWords;
import dev.portcullis.cli.result.PodJson;
import dev.portcullis.cli.result.PodReport;
import dev.portcullis.cli.result.ProofWords;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.kernel.process.SeccompState;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.run.pod.PodOutcome;
import dev.portcullis.run.pod.PodOutcome.ContainerOutcome;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// How the containers stand, in the kernel's words.
public final class RunReport {
  /// After KERNEL.
  private static final int PROVEN_COLUMN = 5;

  private RunReport() {}

  /// The table: a row for every container.
  ///
  /// @param proven whether there is a column for what was proven
  public static void table(
      List<PodOutcome> outcomes, boolean proven, PrintStream out, Colour colour) {
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
    table.print(out, colour);
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

  /// The pod of `check`, and for each container what the kernel said and how it ended.
  ///
  /// @param proven whether what was proven is among it
  public static Mapping json(PreparedPod pod, PodOutcome outcome, boolean proven) {
    return PodJson.pod(
        pod.judged(),
        (decision, json) -> {
          for (ContainerOutcome container : outcome.containers()) {
            if (container.plan().name().equals(decision.container().name())) {
              add(container, proven, json);
            }
          }
        });
  }

  private static void add(ContainerOutcome container, boolean proven, MappingBuilder json) {
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
