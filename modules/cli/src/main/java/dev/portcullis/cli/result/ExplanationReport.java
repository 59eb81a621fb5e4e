package dev.portcullis.cli.result;

import dev.portcullis.cli.input.JudgedPod;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.pods.decide.ContainerDecision;
import dev.portcullis.pods.decide.Explanation;
import dev.portcullis.pods.decide.Explanation.Considered;
import dev.portcullis.pods.decide.Explanation.Level;
import dev.portcullis.pods.rbac.Grant;
import java.util.List;
import java.util.stream.Collectors;

/// How the decision about a container came to be: where its profile is named, and which policies
/// are there for whom.
record ExplanationReport(JudgedPod pod, ContainerDecision decision, Explanation explanation) {
  /// The longest name of an origin, and blanks.
  private static final int COLUMN = 24;

  void print(Paragraph paragraph) {
    paragraph.say(
        Paint.HEADING,
        "explain:",
        PodReport.label(pod.judgement()) + ", " + PodReport.label(decision.container()));
    for (Level level : explanation.levels()) {
      paragraph.detail(level.origin().text(), COLUMN, text(level));
    }
    if (!explanation.unfiltered().isEmpty()) {
      paragraph.detail("but", COLUMN, "it " + explanation.unfiltered());
    }
    if (!explanation.asked().isEmpty()) {
      paragraph.detail("asked by", COLUMN, explanation.asked());
    }
    for (Considered policy : explanation.policies()) {
      paragraph.detail("policy", COLUMN, text(policy));
    }
    paragraph.detail("decision", COLUMN, PodReport.decision(pod.judgement(), decision).text());
  }

  private String text(Level level) {
    if (level.value().isEmpty()) {
      return "-";
    }
    return level.value()
        + (level.at().equals(Position.NONE) ? "" : " (" + pod.place(level.at()) + ")")
        + (level.decides() ? ": counts" : ": does not count");
  }

  private String text(Considered considered) {
    String grants =
        explanation.asked().isEmpty()
            ? ""
            : considered.grants().isEmpty()
                ? "; not granted"
                : "; granted to "
                    + considered.grants().stream()
                        .map(ExplanationReport::text)
                        .collect(Collectors.joining(", and to "));
    return considered.policy().label()
        + (considered.allows() ? " allows it" : " does not allow it")
        + grants;
  }

  private static String text(Grant grant) {
    return grant.binding() == null
        ? grant.subject() + ", which may use every policy"
        : grant.subject() + " by " + grant.binding() + " with " + grant.role();
  }

  Mapping json() {
    return new MappingBuilder()
        .put("levels", explanation.levels().stream().map(ExplanationReport::json).toList())
        .put("unfiltered", explanation.unfiltered())
        .put("askedBy", explanation.asked())
        .put("policies", explanation.policies().stream().map(ExplanationReport::json).toList())
        .build();
  }

  private static Mapping json(Level level) {
    MappingBuilder json = new MappingBuilder().put("origin", level.origin().text());
    json.put("value", level.value()).put("decides", level.decides());
    return ErrorsJson.place(level.at(), json).build();
  }

  private static Mapping json(Considered considered) {
    List<Value> grants =
        considered.grants().stream()
            .<Value>map(grant -> new Value.Text(Position.NONE, text(grant)))
            .toList();
    return new MappingBuilder()
        .put("kind", considered.policy().kind().text())
        .put("name", considered.policy().name())
        .put("allows", considered.allows())
        .put("grants", grants)
        .build();
  }
}
