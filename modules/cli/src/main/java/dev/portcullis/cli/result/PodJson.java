package dev.portcullis.cli.result;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.ContainerDecision.InvalidPod;
import dev.portcullis.pods.decide.ContainerDecision.Refused;
import dev.portcullis.pods.decide.ContainerDecision.Undecided;
import dev.portcullis.pods.decide.ContainerDecision.Unusable;
import dev.portcullis.pods.decide.ContainerDecision.WithProfile;
import dev.portcullis.pods.decide.Ground;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.ReasonKind;
import dev.portcullis.pods.decide.Warning;
import dev.portcullis.pods.object.FieldError;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

/// The JSON of `check` and `run`: a contract with the programs that read it.
public final class PodJson {
  private PodJson() {}

  /// The document.
  ///
  /// @param pods each made by {@link #pod}
  /// @param errors why pods are missing
  public static Mapping document(List<Mapping> pods, List<Diagnostic> errors) {
    return new MappingBuilder().put("pods", pods).put("errors", ErrorsJson.of(errors)).build();
  }

  /// One pod.
  public static Mapping pod(JudgedPod judged) {
    return pod(judged, (_, _) -> {});
  }

  /// One pod.
  ///
  /// @param more adds what a verb knows beyond the decision about a container
  public static Mapping pod(JudgedPod judged, BiConsumer<ContainerDecision, MappingBuilder> more) {
    Judgement judgement = judged.judgement();
    Map<FieldError, ReasonKind> kinds = ReasonKind.of(judgement);
    MappingBuilder json = new MappingBuilder().put("source", judged.file());
    return ErrorsJson.place(judgement.pod().object().at(), json)
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
                .map(reason -> reason(reason, Objects.requireNonNull(kinds.get(reason))))
                .toList())
        .put("help", judgement.remedies().stream().map(RemedyLines::json).toList())
        .put("warnings", judgement.warnings().stream().map(PodJson::warning).toList())
        .build();
  }

  private static Mapping reason(FieldError reason, ReasonKind kind) {
    MappingBuilder json = new MappingBuilder().put("id", kind.id()).put("field", reason.field());
    return ErrorsJson.place(reason.at(), json).put("message", reason.message()).build();
  }

  private static Mapping warning(Warning warning) {
    MappingBuilder json = new MappingBuilder().put("id", warning.kind().id());
    return ErrorsJson.place(warning.at(), json).put("message", warning.text()).build();
  }

  private static Mapping container(
      ContainerDecision decision, BiConsumer<ContainerDecision, MappingBuilder> more) {
    MappingBuilder container =
        new MappingBuilder()
            .put("name", decision.container().name())
            .put("kind", decision.container().kind().text());
    ErrorsJson.place(decision.container().manifest().at(), container);
    switch (decision) {
      case WithProfile named -> container.put("profile", named.profile().text());
      case Unusable _ -> container.putNull("profile");
    }
    container.put("origin", decision.origin().text());
    switch (decision) {
      case Admitted(_, Ground ground) -> put(true, ground, container);
      case InvalidPod(_, Ground ground) -> put(false, ground, container);
      case Refused _, Undecided _, Unusable _ -> container.put("allowed", false);
    }
    if (decision.container().privileged()) {
      container.put("privileged", true);
    }
    more.accept(decision, container);
    return container.build();
  }

  private static void put(boolean allowed, Ground ground, MappingBuilder container) {
    container.put("allowed", allowed);
    ground.policyName().ifPresent(policy -> container.put("policy", policy));
  }
}
