package dev.portcullis.cli.result;

import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.resolve.StockKubernetes;
import dev.portcullis.pods.resolve.StockKubernetes.Outcome;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A container of a pod that is judged.
///
/// @param decision null for a Windows pod that is left alone
record JudgedContainer(
    Judgement judgement, Container container, @Nullable ContainerDecision decision) {

  /// All of a pod.
  static Stream<JudgedContainer> of(Judgement judgement) {
    return judgement.containers().isEmpty()
        ? judgement.pod().spec().containers().stream()
            .map(container -> new JudgedContainer(judgement, container, null))
        : judgement.containers().stream()
            .map(decision -> new JudgedContainer(judgement, decision.container(), decision));
  }

  /// Its pod's name and its own.
  String label() {
    return PodReport.label(judgement) + " " + PodReport.label(container);
  }

  /// What it runs under where Portcullis is not installed.
  Outcome today(StockKubernetes stock) {
    return stock.outcome(judgement.pod(), container);
  }

  boolean unfilteredToday(StockKubernetes stock) {
    return today(stock) instanceof Outcome.Runs runs && runs.unfiltered();
  }

  /// Whether it runs without a filter although Portcullis is installed.
  boolean unfiltered() {
    Pod pod = judgement.pod();
    return judgement.admitted()
        && (pod.spec().windows()
            || !pod.runtimeAnnotations().isEmpty()
            || (decision instanceof Admitted admitted && admitted.runsUnconfined()));
  }
}
