package dev.portcullis.cli.result;

import dev.portcullis.cli.input.Diagnostic;
import dev.portcullis.cli.input.ExposureAnswers;
import dev.portcullis.cli.input.ExposureAnswers.Answered;
import dev.portcullis.cli.input.ExposureAnswers.ClosedProfile;
import dev.portcullis.cli.input.ExposureSubjects.LeftOut;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.profiles.exposure.ClosingChange;
import dev.portcullis.profiles.exposure.Reach;
import dev.portcullis.profiles.exposure.StepResult;
import dev.portcullis.profiles.exposure.Vulnerability;
import dev.portcullis.profiles.exposure.Way;
import dev.portcullis.seccomp.compare.DifferenceText;
import dev.portcullis.seccomp.profile.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The same for programs: one document.
record ExposureJson(
    ExposureAnswers answers, String how, List<LeftOut> leftOut, List<Diagnostic> errors) {
  Mapping document() {
    return new MappingBuilder()
        .put("how", how)
        .put("vulnerabilities", answers.asked().stream().map(this::vulnerability).toList())
        .put("closings", answers.closed().stream().map(ExposureJson::closed).toList())
        .put("leftOut", leftOut.stream().map(ExposureJson::leftOut).toList())
        .put("limits", ExposureText.LIMITS)
        .put("errors", ErrorsJson.of(errors))
        .build();
  }

  private static Mapping leftOut(LeftOut each) {
    MappingBuilder object =
        new MappingBuilder().put("name", each.name()).put("source", each.place().file());
    if (each.place().at().line() > 0) {
      object.put("line", each.place().at().line());
    }
    return object.put("reason", each.reason()).build();
  }

  private Mapping vulnerability(Vulnerability vulnerability) {
    return new MappingBuilder()
        .put("id", vulnerability.id())
        .put("title", vulnerability.title())
        .put("date", vulnerability.date())
        .put("summary", vulnerability.summary())
        .put("certainty", vulnerability.certainty())
        .put("introduced", vulnerability.kernel().introduced())
        .put("fixed", texts(vulnerability.kernel().fixed()))
        .put("modules", texts(vulnerability.modules()))
        .put("sources", texts(vulnerability.sources()))
        .put(
            "containers",
            answers.answered().stream().map(each -> container(each, vulnerability)).toList())
        .build();
  }

  private static Mapping container(Answered answered, Vulnerability vulnerability) {
    Reach reach = answered.of(vulnerability);
    Position at = answered.subject().place().at();
    MappingBuilder object =
        new MappingBuilder()
            .put("name", answered.subject().name())
            .put("source", answered.subject().source());
    if (at.line() > 0) {
      object.put("line", at.line());
    }
    object.put("profile", answered.subject().profile());
    if (!answered.subject().builtIn().isEmpty()) {
      object.put("builtIn", answered.subject().builtIn());
    }
    if (!answered.subject().reason().isEmpty()) {
      object.put("profileReason", answered.subject().reason());
    }
    object.put("result", reach.outcome().id()).put("closedOn", architectures(reach.closedOn()));
    if (!reach.reason().isEmpty()) {
      object.put("reason", reach.reason());
    }
    return object.put("steps", reach.steps().stream().map(ExposureJson::step).toList()).build();
  }

  private static Mapping step(StepResult step) {
    MappingBuilder object =
        new MappingBuilder().put("needs", step.step().text()).put("possible", step.possible());
    return step.possible()
        ? object.put("calls", step.ways().stream().map(ExposureJson::way).toList()).build()
        : object.put("barrier", step.barrier()).build();
  }

  private static Mapping way(Way way) {
    MappingBuilder object =
        new MappingBuilder()
            .put("architecture", word(way.architecture()))
            .put("call", way.name())
            .put("number", Integer.toUnsignedLong(way.call().number()))
            .put(
                "arguments",
                texts(way.call().arguments().stream().map(DifferenceText::hex).toList()));
    return way.behind().isEmpty() ? object.build() : object.put("unseen", way.behind()).build();
  }

  private static Mapping closed(ClosedProfile closed) {
    List<Mapping> without = new ArrayList<>();
    closed
        .found()
        .without()
        .forEach((vulnerability, why) ->
            without.add(
                new MappingBuilder().put("id", vulnerability.id()).put("reason", why).build()));
    MappingBuilder object =
        new MappingBuilder()
            .put("profile", closed.profile())
            .put("from", closed.origin().operand());
    if (!closed.origin().source().isEmpty()) {
      object.put("source", closed.origin().source());
    }
    return object
        .put(
            "changes",
            closed.found().closings().stream().map(each -> closing(closed, each)).toList())
        .put("without", without)
        .build();
  }

  private static Mapping closing(ClosedProfile closed, ClosingChange closing) {
    List<Mapping> after = new ArrayList<>();
    closing
        .after()
        .forEach((vulnerability, reach) ->
            after.add(
                new MappingBuilder()
                    .put("id", vulnerability.id())
                    .put("result", reach.outcome().id())
                    .put("closedOn", architectures(reach.closedOn()))
                    .build()));
    return new MappingBuilder()
        .put("command", ExposureText.command(closed, closing, "portcullis"))
        .put("deny", texts(closing.changes()))
        .put("withoutArchitectures", architectures(closing.without()))
        .put("relation", "STRICTER")
        .put("after", after)
        .put("takesAway", texts(ExposureText.loses(closing)))
        .build();
  }

  private static List<Value> architectures(List<Architecture> architectures) {
    return texts(architectures.stream().map(ExposureJson::word).toList());
  }

  private static String word(Architecture architecture) {
    return architecture.name().toLowerCase(Locale.ROOT);
  }

  private static List<Value> texts(List<String> texts) {
    return texts.stream().<Value>map(text -> new Value.Text(Position.NONE, text)).toList();
  }
}
