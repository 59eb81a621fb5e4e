package dev.portcullis.cli.result;

import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.options.FailOn;
import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Table;
import dev.portcullis.cli.print.Table.Cell;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.ContainerDecision.Admitted;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.resolve.StockKubernetes;
import dev.portcullis.pods.resolve.StockKubernetes.Outcome;
import dev.portcullis.pods.resolve.StockKubernetes.Reason;
import dev.portcullis.pods.spec.Container;
import dev.portcullis.pods.spec.Pod;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What becomes of pods with Portcullis, beside what a Kubernetes without it makes of them today.
///
/// @param others objects that hold no pod
public record CheckReport(List<JudgedPod> pods, int others, StockKubernetes stock)
    implements Report {
  /// Names in a message: the table has all.
  private static final int MOST_NAMED = 5;

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
    RemedyLines.print(pods, terminal.program(), out, colour);
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
              + " of the "
              + count(each -> each.judgement.admitted())
              + " that Portcullis admits");
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
      containers(pod.judgement()).forEach(container -> row(container, table));
    }
    return table;
  }

  private void row(InPod container, Table table) {
    Judgement judgement = container.judgement;
    ContainerDecision decision = container.decision;
    table.row(
        Cell.of(PodReport.label(judgement)),
        Cell.of(PodReport.label(container.container)),
        today(outcome(container)),
        Cell.of(decision == null ? "-" : PodReport.profile(judgement.pod(), decision)),
        Cell.of(decision == null ? "-" : decision.origin().text()),
        decision == null ? PodReport.decision(judgement) : PodReport.decision(judgement, decision));
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
    Mapping summary =
        new MappingBuilder()
            .put("pods", pods.size())
            .put("refused", pods.stream().filter(pod -> !pod.judgement().admitted()).count())
            .put("containers", count(_ -> true))
            .put("unfilteredToday", count(this::unfilteredToday))
            .put("unfilteredWithPortcullis", count(CheckReport::unfiltered))
            .build();
    return JsonWriter.pretty(
        new MappingBuilder()
            .put("pods", pods.stream().map(this::json).toList())
            .put("kubernetes", "1." + stock.minor())
            .put("seccompDefault", stock.seccompDefault())
            .put("summary", summary)
            .build());
  }

  private Mapping json(JudgedPod pod) {
    return PodJson.pod(
        pod,
        (container, json) ->
            json.put(
                "today", todayJson(stock.outcome(pod.judgement().pod(), container.container()))));
  }

  private static Mapping todayJson(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Runs(var profile, Reason reason) ->
          new MappingBuilder().put("profile", profile.text()).put("reason", reason.text()).build();
      case Outcome.DoesNotRun() ->
          new MappingBuilder().putNull("profile").put("reason", "does-not-run").build();
    };
  }

  /// What of this is there, up to {@link #MOST_NAMED} pods or containers by name; empty where there
  /// is nothing.
  public String found(FailOn what) {
    return switch (what) {
      case REFUSED -> names(all().filter(each -> !each.judgement.admitted()));
      case WARNING -> names(all().filter(each -> !each.judgement.warnings().isEmpty()));
      case UNCONFINED -> names(all().filter(CheckReport::unfiltered));
      case UNCONFINED_TODAY -> names(all().filter(this::unfilteredToday));
      case IGNORED_ANNOTATION ->
          names(
              pods.stream()
                  .map(JudgedPod::judgement)
                  .filter(judgement -> !stock.ignoredAnnotations(judgement.pod()).isEmpty())
                  .flatMap(CheckReport::containers));
    };
  }

  private static String names(Stream<InPod> found) {
    List<String> names =
        found
            .map(each -> PodReport.label(each.judgement) + " " + PodReport.label(each.container))
            .toList();
    return String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())))
        + (names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "");
  }

  /// A container of a pod that is judged.
  ///
  /// @param decision null for a Windows pod that is left alone
  private record InPod(
      Judgement judgement, Container container, @Nullable ContainerDecision decision) {}

  private Outcome outcome(InPod each) {
    return stock.outcome(each.judgement.pod(), each.container);
  }

  private boolean unfilteredToday(InPod container) {
    return outcome(container) instanceof Outcome.Runs runs && runs.unfiltered();
  }

  private static boolean unfiltered(InPod each) {
    Pod pod = each.judgement.pod();
    return each.judgement.admitted()
        && (pod.spec().windows()
            || !pod.runtimeAnnotations().isEmpty()
            || (each.decision instanceof Admitted admitted && admitted.runsUnconfined()));
  }

  private long count(Predicate<InPod> which) {
    return all().filter(which).count();
  }

  private Stream<InPod> all() {
    return pods.stream().map(JudgedPod::judgement).flatMap(CheckReport::containers);
  }

  private static Stream<InPod> containers(Judgement judgement) {
    return judgement.containers().isEmpty()
        ? judgement.pod().spec().containers().stream()
            .map(container -> new InPod(judgement, container, null))
        : judgement.containers().stream()
            .map(decision -> new InPod(judgement, decision.container(), decision));
  }
}
