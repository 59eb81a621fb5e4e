package dev.portcullis.cli.result;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.options.FailOn;
import dev.portcullis.cli.options.Verbosity;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Table;
import dev.portcullis.cli.print.Table.Cell;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.print.Wrap;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.Explainer;
import dev.portcullis.pods.decide.Judgement;
import dev.portcullis.pods.resolve.StockKubernetes;
import dev.portcullis.pods.resolve.StockKubernetes.Outcome;
import dev.portcullis.pods.resolve.StockKubernetes.Reason;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What becomes of pods with Portcullis, beside what a Kubernetes without it makes of them today.
///
/// @param others objects that hold no pod
/// @param errors why pods are missing
/// @param failOn what counts as an error, beside a refusal
/// @param explainer of the decisions; null where it is not asked for
public record CheckReport(
    List<JudgedPod> pods,
    int others,
    StockKubernetes stock,
    List<Diagnostic> errors,
    Set<FailOn> failOn,
    Verbosity verbosity,
    @Nullable Explainer explainer)
    implements FindingReport {
  /// Names in a message: the table has all.
  private static final int MOST_NAMED = 5;

  public CheckReport {
    pods = List.copyOf(pods);
    errors = List.copyOf(errors);
    failOn = Set.copyOf(failOn);
  }

  @Override
  public void table(Terminal terminal) {
    PrintStream out = terminal.out();
    boolean apart = verbosity == Verbosity.VERBOSE;
    if (verbosity == Verbosity.QUIET) {
      PodReport.refusals(pods, terminal, apart);
      RemedyLines.print(pods, terminal);
      explain(pods.stream().filter(pod -> !pod.judgement().admitted()).toList(), terminal);
      return;
    }
    if (!pods.isEmpty()) {
      table().print(terminal);
    }
    PodReport.refusals(pods, terminal, apart);
    RemedyLines.print(pods, terminal);
    PodReport.warnings(pods, terminal, apart);
    explain(pods, terminal);
    for (String line : summary()) {
      Wrap.words(line, terminal.limit()).forEach(out::println);
    }
  }

  private void explain(List<JudgedPod> explained, Terminal terminal) {
    if (explainer != null) {
      Paragraph paragraph = Paragraph.on(terminal);
      for (JudgedPod pod : explained) {
        for (ContainerDecision decision : pod.judgement().containers()) {
          explanation(pod, decision, explainer).print(paragraph);
        }
      }
    }
  }

  private static ExplanationReport explanation(
      JudgedPod pod, ContainerDecision decision, Explainer explainer) {
    return new ExplanationReport(pod, decision, explainer.explain(pod.judgement(), decision));
  }

  private List<String> summary() {
    List<String> lines = new ArrayList<>();
    long admitted = pods.stream().filter(pod -> pod.judgement().admitted()).count();
    lines.add(
        Plural.of(pods.size(), "pod")
            + ": "
            + admitted
            + " admitted, "
            + (pods.size() - admitted)
            + " refused; "
            + Plural.of(others, "other object")
            + " passed over");
    if (!pods.isEmpty()) {
      lines.add(
          "containers without a filter: "
              + count(each -> each.unfilteredToday(stock))
              + " of "
              + count(_ -> true)
              + " today (Kubernetes 1."
              + stock.minor()
              + (stock.seccompDefault() ? ", seccompDefault" : "")
              + "), "
              + count(JudgedContainer::unfiltered)
              + " of the "
              + count(each -> each.judgement().admitted())
              + " that Portcullis admits");
    }
    return lines;
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
      JudgedContainer.of(pod.judgement()).forEach(container -> row(container, table));
    }
    return table;
  }

  private void row(JudgedContainer container, Table table) {
    Judgement judgement = container.judgement();
    ContainerDecision decision = container.decision();
    table.row(
        Cell.of(PodReport.label(judgement)),
        Cell.of(PodReport.label(container.container())),
        today(container.today(stock)),
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
  public Mapping document() {
    Mapping summary =
        new MappingBuilder()
            .put("pods", pods.size())
            .put("refused", pods.stream().filter(pod -> !pod.judgement().admitted()).count())
            .put("containers", count(_ -> true))
            .put("unfilteredToday", count(each -> each.unfilteredToday(stock)))
            .put("unfilteredWithPortcullis", count(JudgedContainer::unfiltered))
            .build();
    return new MappingBuilder()
        .put("pods", pods.stream().map(this::json).toList())
        .put("errors", ErrorsJson.of(errors))
        .put("kubernetes", "1." + stock.minor())
        .put("seccompDefault", stock.seccompDefault())
        .put("summary", summary)
        .build();
  }

  @Override
  public FindingSet findings() {
    List<FindingSet.Subject> subjects = new ArrayList<>();
    List<FindingSet.Entry> entries = new ArrayList<>();
    for (JudgedPod pod : pods) {
      FindingSet.Subject subject =
          new FindingSet.Subject(
              pod.file(), PodReport.label(pod.judgement()), !pod.source().inCluster());
      subjects.add(subject);
      entries.addAll(new PodFindings(pod, subject, stock, failOn).entries());
    }
    return new FindingSet("check", subjects, entries, errors);
  }

  private Mapping json(JudgedPod pod) {
    return PodJson.pod(
        pod,
        (container, json) -> {
          json.put("today", todayJson(stock.outcome(pod.judgement().pod(), container.container())));
          if (explainer != null) {
            json.put("explanation", explanation(pod, container, explainer).json());
          }
        });
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
    List<String> found = new ArrayList<>();
    for (JudgedPod pod : pods) {
      JudgedContainer.of(pod.judgement())
          .filter(container -> fails(container, what))
          .map(container ->
              pod.place(container.container().manifest().at()) + ": " + container.label())
          .forEach(found::add);
    }
    return String.join("; ", found.subList(0, Math.min(MOST_NAMED, found.size())))
        + (found.size() > MOST_NAMED ? "; and " + (found.size() - MOST_NAMED) + " more" : "");
  }

  private boolean fails(JudgedContainer container, FailOn what) {
    Judgement judgement = container.judgement();
    return switch (what) {
      case REFUSED -> !judgement.admitted();
      case WARNING -> !judgement.warnings().isEmpty();
      case UNCONFINED -> container.unfiltered();
      case UNCONFINED_TODAY -> container.unfilteredToday(stock);
      case IGNORED_ANNOTATION -> !stock.ignoredAnnotations(judgement.pod()).isEmpty();
    };
  }

  private long count(Predicate<JudgedContainer> which) {
    return all().filter(which).count();
  }

  private Stream<JudgedContainer> all() {
    return pods.stream().map(JudgedPod::judgement).flatMap(JudgedContainer::of);
  }
}
