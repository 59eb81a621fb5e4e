package dev.portcullis.cli.result;

import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.Judgement.ContainerJudgement;
import java.util.List;
import java.util.function.BiConsumer;

/// The JSON of `check` and `run`: a contract with the programs that read it.
public final class PodJson {
  private PodJson() {}

  /// The document.
  ///
  /// @param pods each made by {@link #pod}
  public static String document(List<Mapping> pods) {
    return JsonWriter.pretty(new MappingBuilder().put("pods", pods).build());
  }

  /// One pod.
  ///
  /// @param more adds what a verb knows beyond the judgement of a container
  public static Mapping pod(JudgedPod judged, BiConsumer<ContainerJudgement, MappingBuilder> more) {
    Judgement judgement = judged.judgement();
    return new MappingBuilder()
        .put("source", judged.file())
        .put("kind", judgement.pod().identity().kind())
        .put("namespace", judgement.namespace())
        .put("name", judgement.pod().identity().name())
        .put("admitted", judgement.admitted())
        .put(
            "containers",
            judgement.containers().stream().map(container -> container(container, more)).toList())
        .put(
            "reasons",
            judgement.reasons().stream()
                .map(reason ->
                    new MappingBuilder()
                        .put("field", reason.field())
                        .put("message", reason.message())
                        .build())
                .toList())
        .put(
            "warnings",
            judgement.warnings().stream()
                .map(warning -> new Value.Text(Position.NONE, warning))
                .toList())
        .build();
  }

  private static Mapping container(
      ContainerJudgement judgement, BiConsumer<ContainerJudgement, MappingBuilder> more) {
    MappingBuilder container =
        new MappingBuilder()
            .put("name", judgement.container().name())
            .put("kind", judgement.container().kind().text());
    if (judgement.profile() == null) {
      container.putNull("profile");
    } else {
      container.put("profile", judgement.profile().text());
    }
    container.put("origin", judgement.origin().text()).put("allowed", judgement.allowed());
    if (judgement.policy() != null) {
      container.put("policy", judgement.policy());
    }
    if (judgement.container().privileged()) {
      container.put("privileged", true);
    }
    more.accept(judgement, container);
    return container.build();
  }
}
