package dev.portcullis.cli.result;

import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.options.FailOn;
import dev.portcullis.cli.result.FindingSet.Entry;
import dev.portcullis.cli.result.FindingSet.Level;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.decide.ReasonKind;
import dev.portcullis.pods.decide.Warning;
import dev.portcullis.pods.object.FieldError;
import dev.portcullis.pods.resolve.StockKubernetes;
import dev.portcullis.pods.resolve.StockKubernetes.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What `check` found about one pod, for tools that show findings.
///
/// @param failOn what counts as an error, beside a refusal
record PodFindings(
    JudgedPod pod, FindingSet.Subject subject, StockKubernetes stock, Set<FailOn> failOn) {

  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    Judgement judgement = pod.judgement();
    Map<FieldError, ReasonKind> kinds = ReasonKind.of(judgement);
    for (FieldError reason : judgement.reasons()) {
      entries.add(
          new Entry(
              subject,
              Objects.requireNonNull(kinds.get(reason)).id(),
              Level.ERROR,
              reason.at(),
              reason.field() + ": " + reason.message()));
    }
    for (Warning warning : judgement.warnings()) {
      entries.add(
          new Entry(
              subject, warning.kind().id(), level(warning.kind()), warning.at(), warning.text()));
    }
    JudgedContainer.of(judgement).forEach(container -> unfiltered(container, entries));
    return entries;
  }

  private Level level(Warning.Kind kind) {
    boolean fails =
        failOn.contains(FailOn.WARNING)
            || (failOn.contains(FailOn.IGNORED_ANNOTATION)
                && kind == Warning.Kind.ANNOTATION_IGNORED
                && !stock.ignoredAnnotations(pod.judgement().pod()).isEmpty());
    return fails ? Level.ERROR : Level.WARNING;
  }

  private void unfiltered(JudgedContainer container, List<Entry> entries) {
    if (failOn.contains(FailOn.UNCONFINED) && container.unfiltered()) {
      entries.add(entry(container, FailOn.UNCONFINED, "runs without a filter"));
    }
    if (failOn.contains(FailOn.UNCONFINED_TODAY)
        && container.today(stock) instanceof Outcome.Runs runs
        && runs.unfiltered()) {
      entries.add(
          entry(
              container,
              FailOn.UNCONFINED_TODAY,
              "runs without a filter where Portcullis is not installed (Kubernetes 1."
                  + stock.minor()
                  + ": "
                  + runs.reason().words()
                  + ")"));
    }
  }

  private Entry entry(JudgedContainer container, FailOn rule, String what) {
    return new Entry(
        subject,
        rule.text(),
        Level.ERROR,
        container.container().manifest().at(),
        "container \"" + container.container().name() + "\" " + what);
  }
}
