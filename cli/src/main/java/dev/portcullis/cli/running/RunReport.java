package dev.portcullis.cli.running;

import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Table;
import dev.portcullis.cli.result.KernelWords;
import dev.portcullis.cli.result.PodJson;
import dev.portcullis.cli.result.PodReport;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.node.kernel.SeccompState;
import dev.portcullis.node.pod.PodOutcome;
import dev.portcullis.node.pod.PodOutcome.ContainerOutcome;
import dev.portcullis.pods.decide.Judgement.ContainerJudgement;
import dev.portcullis.pods.name.ProfileName;
import java.io.PrintStream;
import java.util.List;

/// How the containers stand, in the kernel's words.
public final class RunReport {
  private RunReport() {}

  public static void table(List<PodOutcome> outcomes, PrintStream out, Colour colour) {
    Table table = new Table("POD", "CONTAINER", "PROFILE", "ORIGIN", "KERNEL", "STATE", "EXIT");
    for (PodOutcome outcome : outcomes) {
      for (ContainerOutcome container : outcome.containers()) {
        ContainerJudgement judgement = container.plan().judgement();
        table.row(
            Table.Cell.of(outcome.plan().identity().label()),
            Table.Cell.of(PodReport.label(judgement.container())),
            Table.Cell.of(PodReport.profile(judgement)),
            Table.Cell.of(judgement.origin().text()),
            new Table.Cell(KernelWords.of(container.kernel()), paint(container)),
            Table.Cell.of(container.phase().text()),
            exit(container));
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
    boolean wanted =
        !container.plan().privileged()
            && !ProfileName.UNCONFINED.equals(container.plan().judgement().profile());
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
  public static Mapping json(PreparedPod pod, PodOutcome outcome) {
    return PodJson.pod(
        pod.judged(),
        (judgement, json) -> {
          for (ContainerOutcome container : outcome.containers()) {
            if (container.plan().name().equals(judgement.container().name())) {
              add(container, json);
            }
          }
        });
  }

  private static void add(ContainerOutcome container, MappingBuilder json) {
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
