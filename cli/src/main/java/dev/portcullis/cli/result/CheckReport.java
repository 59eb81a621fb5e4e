package dev.portcullis.cli.result;

import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.options.FailOn;
import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Table;
import dev.portcullis.cli.print.Table.Cell;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.ContainerDecision.InvalidPod;
import dev.portcullis.pods.decide.ContainerDecision.Refused;
import dev.portcullis.pods.decide.ContainerDecision.Undecided;
import dev.portcullis.pods.decide.ContainerDecision.Unusable;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.resolve.StockKubernetes;
import dev.portcullis.pods.resolve.StockKubernetes.Outcome;
import dev.portcullis.pods.resolve.StockKubernetes.Reason;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What becomes of pods with Portcullis, beside what a Kubernetes without it makes of them today.
///
/// @param others objects that hold no pod
public record CheckReport(List<JudgedPod> pods, int others, StockKubernetes stock)
    implements Report {
  public CheckReport {
    pods = List.copyOf(pods);
  }

  @Override
  public void table(Terminal terminal) {
    PrintStream out = terminal.out();
    Colour colour = terminal.colour();
    if (!pods.isEmpty()) {
      table().print(out, colour);
    }
    PodReport.refusals(pods, out, colour);
    PodReport.warnings(pods, out, colour);
    long admitted = pods.stream().filter(pod -> pod.judgement().admitted()).count();
    out.println(
        Plural.of(pods.size(), "pod")
            + ": "
            + admitted
            + " admitted, "
            + (pods.size() - admitted)
            + " refused; "
            + Plural.of(others, "other object")
            + " passed over");
    if (!pods.isEmpty()) {
      out.println(
          "containers without a filter: "
              + count(this::unfilteredToday)
              + " of "
              + count(_ -> true)
              + " today (Kubernetes 1."
              + stock.minor()
              + (stock.seccompDefault() ? ", seccompDefault" : "")
              + "), "
              + count(CheckReport::unfiltered)
              + " with Portcullis");
    }
  }

  private Table table() {
    Table table =
        new Table(
            "POD",
            "CONTAINER",
            "TODAY (1." + stock.minor() + ")",
            "WITH PORTCULLIS",
            "ORIGIN",
            "DECISION");
    for (JudgedPod pod : pods) {
      Judgement judgement = pod.judgement();
      if (judgement.containers().isEmpty()) {
        table.row(
            Cell.of(PodReport.label(judgement)),
            Cell.of("-"),
            Cell.of("-"),
            Cell.of("-"),
            Cell.of("-"),
            PodReport.decision(judgement));
      }
      for (ContainerDecision container : judgement.containers()) {
        table.row(
            Cell.of(PodReport.label(judgement)),
            Cell.of(PodReport.label(container.container())),
            today(outcome(judgement, container)),
            Cell.of(PodReport.profile(container)),
            Cell.of(container.origin().text()),
            PodReport.decision(judgement, container));
      }
    }
    return table;
  }

  private static Cell today(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Runs runs when runs.unfiltered() ->
          new Cell(runs.profile().text(), Paint.WARNING);
      case Outcome.Runs runs -> Cell.of(runs.profile().text());
      case Outcome.DoesNotRun() -> Cell.of("-");
    };
  }

  @Override
  public String json() {
    return PodJson.document(
        pods.stream()
            .map(pod ->
                PodJson.pod(
                    pod,
                    (container, json) ->
                        json.put("today", todayJson(outcome(pod.judgement(), container)))))
            .toList());
  }

  private static Mapping todayJson(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Runs(var profile, Reason reason) ->
          new MappingBuilder().put("profile", profile.text()).put("reason", reason.text()).build();
      case Outcome.DoesNotRun() ->
          new MappingBuilder().putNull("profile").put("reason", "does-not-run").build();
    };
  }

  /// Whether anything is there that these name.
  public boolean fails(FailOn what) {
    return switch (what) {
      case REFUSED -> !pods.stream().allMatch(pod -> pod.judgement().admitted());
      case WARNING -> !pods.stream().allMatch(pod -> pod.judgement().warnings().isEmpty());
      case UNCONFINED -> count(CheckReport::unfiltered) > 0;
      case UNCONFINED_TODAY -> count(this::unfilteredToday) > 0;
      case IGNORED_ANNOTATION -> count(this::ignoresAnnotation) > 0;
    };
  }

  /// A container of a pod that is judged.
  private record InPod(Judgement judgement, ContainerDecision decision) {}

  private Outcome outcome(InPod container) {
    return outcome(container.judgement, container.decision);
  }

  private Outcome outcome(Judgement judgement, ContainerDecision container) {
    return stock.outcome(judgement.pod(), container.container());
  }

  private boolean unfilteredToday(InPod container) {
    return outcome(container) instanceof Outcome.Runs runs && runs.unfiltered();
  }

  private boolean ignoresAnnotation(InPod container) {
    return outcome(container) instanceof Outcome.Runs runs
        && runs.reason() == Reason.ANNOTATION_IGNORED;
  }

  private static boolean unfiltered(InPod container) {
    return switch (container.decision) {
      case Admitted admitted -> container.judgement.admitted() && admitted.runsUnconfined();
      case InvalidPod _, Refused _, Undecided _, Unusable _ -> false;
    };
  }

  private long count(Predicate<InPod> which) {
    return pods.stream()
        .map(JudgedPod::judgement)
        .flatMap(CheckReport::containers)
        .filter(which)
        .count();
  }

  private static Stream<InPod> containers(Judgement judgement) {
    return judgement.containers().stream().map(decision -> new InPod(judgement, decision));
  }
}
