package dev.portcullis.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.VisibleText;
import dev.portcullis.report.Confinement.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A report as objects of openreports.io/v1alpha1: a `Report` for each namespace, with a result for
/// each container. Of many results there are several, as an object has a largest size.
public final class OpenReports {
  private static final String SOURCE = "portcullis";

  /// `kubectl apply` writes the object into an annotation, too, and all annotations of an object
  /// have 262,144 bytes.
  private static final int MOST_BYTES = 200_000;

  private static final int MOST_SUBJECTS_OF_A_RESULT = 50;
  private static final int LONGEST_MESSAGE = 1_000;
  private static final int LONGEST_VALUE = 120;
  private static final int MOST_IDS = 50;

  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,253}$)[a-z0-9]([-.a-z0-9]*[a-z0-9])?");

  private final long seconds;
  private final Map<Workload, List<RefusalAccount.OfContainer>> refused;

  private OpenReports(long seconds, RefusalAccount refused) {
    this.seconds = seconds;
    this.refused =
        refused.containers().stream()
            .collect(Collectors.groupingBy(RefusalAccount.OfContainer::workload));
  }

  /// The objects.
  ///
  /// @param seconds when it was made, since 1970
  public static List<Mapping> of(SeccompReport report, long seconds) {
    OpenReports made = new OpenReports(seconds, report.refused());
    List<Mapping> objects = new ArrayList<>();
    report
        .byNamespace()
        .forEach((namespace, workloads) -> {
          if (!LABEL.matcher(namespace).matches()) {
            return;
          }
          List<Result> results = workloads.stream().flatMap(made::results).toList();
          int number = 0;
          for (int from = 0; from < results.size(); number++) {
            int to = end(results, from);
            objects.add(object(namespace, number, results.subList(from, to)));
            from = to;
          }
        });
    return objects;
  }

  /// The namespaces that no cluster can have, and so no object.
  public static List<String> impossible(SeccompReport report) {
    return report.byNamespace().keySet().stream()
        .filter(each -> !LABEL.matcher(each).matches())
        .toList();
  }

  /// Behind the last result that fits into one object with those before it.
  private static int end(List<Result> results, int from) {
    long bytes = 0;
    int at = from;
    while (at < results.size()) {
      bytes += results.get(at).bytes();
      if (at > from && bytes > MOST_BYTES) {
        break;
      }
      at++;
    }
    return at;
  }

  /// A result, with the word by which it is counted.
  private record Result(String outcome, Mapping object) {
    /// As JSON of Go, which writes some characters by their numbers.
    long bytes() {
      String text = JsonWriter.compact(object);
      return text.getBytes(UTF_8).length
          + 5 * text.chars().filter(each -> each == '<' || each == '>' || each == '&').count();
    }
  }

  private static Mapping object(String namespace, int number, List<Result> results) {
    MappingBuilder summary = new MappingBuilder();
    for (String outcome : List.of("pass", "fail", "warn", "error", "skip")) {
      summary.put(outcome, results.stream().filter(each -> each.outcome().equals(outcome)).count());
    }
    return new MappingBuilder()
        .put("apiVersion", "openreports.io/v1alpha1")
        .put("kind", "Report")
        .put(
            "metadata",
            new MappingBuilder()
                .put("name", "portcullis-seccomp" + (number == 0 ? "" : "-" + (number + 1)))
                .put("namespace", namespace)
                .put(
                    "labels",
                    new MappingBuilder().put("app.kubernetes.io/managed-by", SOURCE).build())
                .build())
        .put("source", SOURCE)
        .put(
            "scope",
            new MappingBuilder()
                .put("apiVersion", "v1")
                .put("kind", "Namespace")
                .put("name", namespace)
                .build())
        .put("summary", summary.build())
        .put("results", results.stream().map(Result::object).toList())
        .build();
  }

  private Stream<Result> results(Workload workload) {
    return workload.containers().stream()
        .flatMap(container -> results(workload, container).stream());
  }

  private List<Result> results(Workload workload, WorkloadContainer container) {
    Confinement today = container.today();
    String outcome =
        switch (today.state()) {
          case OWN, DEFAULT -> "pass";
          case UNCONFINED -> "fail";
          case UNKNOWN -> "error";
          case NOT_RUN -> "skip";
        };
    List<Result> results = new ArrayList<>();
    for (int from = 0; from < workload.names().size(); from += MOST_SUBJECTS_OF_A_RESULT) {
      List<String> names =
          workload
              .names()
              .subList(from, Math.min(workload.names().size(), from + MOST_SUBJECTS_OF_A_RESULT));
      MappingBuilder result =
          new MappingBuilder()
              .put("source", SOURCE)
              .put("policy", "seccomp-profile")
              .put("rule", today.state().id())
              .put("category", "Seccomp")
              .put("result", outcome)
              .put("scored", true);
      if (today.state() == State.UNCONFINED) {
        result.put("severity", "high");
      }
      results.add(
          new Result(
              outcome,
              result
                  .put(
                      "timestamp",
                      new MappingBuilder().put("seconds", seconds).put("nanos", 0).build())
                  .put("message", message(container))
                  .put("resources", names.stream().map(name -> subject(workload, name)).toList())
                  .put("properties", properties(workload, container))
                  .build()));
    }
    return results;
  }

  /// A name that no object can have is left out, as one that the API server is to make.
  private static Mapping subject(Workload workload, String name) {
    MappingBuilder subject =
        new MappingBuilder()
            .put("apiVersion", shown(workload.apiVersion(), LONGEST_VALUE))
            .put("kind", shown(workload.kind(), LONGEST_VALUE))
            .put("namespace", workload.namespace());
    if (NAME.matcher(name).matches()) {
      subject.put("name", name);
    }
    return subject.build();
  }

  private static String message(WorkloadContainer container) {
    Confinement today = container.today();
    return shown(
        "container "
            + container.name()
            + ": "
            + today.state().title()
            + (today.profile().isEmpty() ? "" : " (" + today.profile() + ")")
            + (today.words().isEmpty() ? "" : ", as " + today.words()),
        LONGEST_MESSAGE);
  }

  /// All values are strings in this format.
  private Mapping properties(Workload workload, WorkloadContainer container) {
    MappingBuilder properties =
        new MappingBuilder()
            .put("container", shown(container.name(), LONGEST_VALUE))
            .put("profile", shown(container.today().profile(), LONGEST_VALUE))
            .put("reason", container.today().reason())
            .put("withPortcullis", container.withPortcullis().state().id());
    if (!container.reached().isEmpty()) {
      properties.put("reaches", ids(container.reached()));
    }
    if (!container.undecided().isEmpty()) {
      properties.put("undecided", ids(container.undecided()));
    }
    refused.getOrDefault(workload, List.of()).stream()
        .filter(each -> each.container().equals(container))
        .filter(each -> each.refused() > 0)
        .findFirst()
        .ifPresent(each ->
            properties
                .put("refused", Long.toString(each.refused()))
                .put("refusedCalls", ids(names(each))));
    if (!workload.place().isEmpty()) {
      properties.put("place", shown(workload.place(), LONGEST_VALUE));
    }
    return properties.build();
  }

  private static List<String> names(RefusalAccount.OfContainer container) {
    return container.calls().stream()
        .filter(each -> !each.logged())
        .map(RefusalAccount.Call::name)
        .distinct()
        .toList();
  }

  /// These are for people, too.
  private static String shown(String text, int longest) {
    return VisibleText.line(Words.shortened(text, longest));
  }

  private static String ids(List<String> ids) {
    return ids.stream()
            .limit(MOST_IDS)
            .map(each -> shown(each, LONGEST_VALUE))
            .collect(Collectors.joining(" "))
        + (ids.size() > MOST_IDS ? " …" : "");
  }
}
