package dev.portcullis.cli.result;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Mapping;
import java.util.List;

/// Pods that are not run, because one of them is refused.
///
/// @param errors why pods are missing
public record RefusedPods(List<JudgedPod> pods, List<Diagnostic> errors) implements Report {
  public RefusedPods {
    pods = List.copyOf(pods);
    errors = List.copyOf(errors);
  }

  @Override
  public void table(Terminal terminal) {
    PodReport.table(pods, terminal);
  }

  @Override
  public Mapping document() {
    return PodJson.document(pods.stream().map(PodJson::pod).toList(), errors);
  }
}
