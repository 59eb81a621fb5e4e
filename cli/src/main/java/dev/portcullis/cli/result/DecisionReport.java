package dev.portcullis.cli.result;

import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Terminal;
import java.util.List;

/// What was decided about pods.
///
/// @param others how many objects and documents beside them are no pods
public record DecisionReport(List<JudgedPod> pods, int others) implements Report {
  public DecisionReport {
    pods = List.copyOf(pods);
  }

  @Override
  public void table(Terminal terminal) {
    if (!pods.isEmpty()) {
      PodReport.table(pods, terminal.out(), terminal.colour());
    }
    PodReport.refusals(pods, terminal.out(), terminal.colour());
    PodReport.warnings(pods, terminal.out(), terminal.colour());
    long refused = pods.stream().filter(pod -> !pod.judgement().admitted()).count();
    terminal
        .out()
        .println(
            Plural.of(pods.size(), "pod")
                + ": "
                + (pods.size() - refused)
                + " admitted, "
                + refused
                + " refused; "
                + Plural.of(others, "other object")
                + " passed over");
  }

  @Override
  public String json() {
    return PodJson.document(pods.stream().map(pod -> PodJson.pod(pod, (_, _) -> {})).toList());
  }
}
