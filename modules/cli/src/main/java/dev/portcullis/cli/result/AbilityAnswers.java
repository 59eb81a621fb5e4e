package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Paint;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.profiles.exposure.AbilityAnswer;
import dev.portcullis.profiles.exposure.AbilityAnswer.Outcome;
import dev.portcullis.profiles.exposure.AbilityAnswer.Passage;
import dev.portcullis.seccomp.compare.DifferenceText;
import dev.portcullis.seccomp.effect.ConditionText;
import dev.portcullis.seccomp.profile.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What people ask first about a filter, answered for each architecture.
///
/// @param reason why it is not; empty where it is
public record AbilityAnswers(Map<Architecture, List<AbilityAnswer>> answers, String reason) {
  /// What is longer is left to the groups of calls, which follow.
  private static final int LONGEST_CONDITION = 160;

  public AbilityAnswers {
    answers = Map.copyOf(answers);
  }

  private List<AbilityAnswer> of(Architecture architecture) {
    return answers.getOrDefault(architecture, List.of());
  }

  /// The headline of one architecture.
  ///
  /// @param companions whether it is reported, too, what programs of other architectures can do on
  ///   the same machine
  void print(Page page, Architecture architecture, boolean companions) {
    page.heading("at a glance");
    if (!reason.isEmpty()) {
      page.line("not known", reason);
      return;
    }
    List<AbilityAnswer> here = of(architecture);
    titles(page, Paint.WARNING, "allowed", here, Outcome.ALLOWED);
    for (AbilityAnswer answer : here) {
      if (answer.outcome() == Outcome.BY_ARGUMENTS) {
        page.line(Paint.WARNING, "by arguments", conditional(answer, answer.passages()));
      }
    }
    titles(page, Paint.WARNING, "others decide", here, Outcome.ASKED);
    titles(page, Paint.GOOD, "denied", here, Outcome.DENIED);
    titles(page, Paint.PLAIN, "not known", here, Outcome.UNKNOWN);
    if (companions) {
      architecture.companions().forEach(each -> companion(page, each));
    }
  }

  private static void titles(
      Page page, Paint paint, String term, List<AbilityAnswer> answers, Outcome outcome) {
    String titles =
        answers.stream()
            .filter(each -> each.outcome() == outcome)
            .map(AbilityAnswers::title)
            .collect(Collectors.joining(", "));
    if (!titles.isEmpty()) {
      page.line(paint, term, titles);
    }
  }

  private static String title(AbilityAnswer answer) {
    return title(answer, answer.outcome() == Outcome.ALLOWED ? answer.onlyBy() : List.<String>of());
  }

  private static String title(AbilityAnswer answer, List<String> by) {
    String title = answer.ability().title();
    // What is called like its only call needs no second name.
    return by.isEmpty() || by.equals(List.of(title))
        ? title
        : title + " (by " + String.join(", ", by) + ")";
  }

  private static String conditional(AbilityAnswer answer, List<Passage> passages) {
    String title = answer.ability().title();
    List<String> ways = new ArrayList<>();
    for (Passage passage : passages) {
      String condition = ConditionText.of(passage.condition(), List.of(passage.call()));
      String call = passage.call().equals(title) ? "" : passage.call() + " ";
      if (passage.isAlways()) {
        // A ring or a pointer, beside calls that are seen.
        ways.add(passage.call());
        continue;
      }
      ways.add(
          passage.condition().complete() && condition.length() <= LONGEST_CONDITION
              ? call + "where " + condition + ignored(condition)
              : call + "such as " + example(passage));
    }
    return title + ": " + String.join("; ", ways);
  }

  /// What comes of a condition on bits that the kernel does not take.
  private static String ignored(String condition) {
    return condition.contains("upper 32 bits are not 0")
        ? " (the kernel ignores these 32 bits, so the call is within reach)"
        : condition.contains("upper 32 bits are 0")
            ? " (the kernel ignores these 32 bits; no harm)"
            : "";
  }

  private static String example(Passage passage) {
    return DifferenceText.invocation(passage.call(), passage.example().arguments());
  }

  /// What is more than on the machine's own; also where a listener decides, which may let it pass.
  private void companion(Page page, Architecture other) {
    String term = "also on " + other.name().toLowerCase(Locale.ROOT);
    List<String> whole = new ArrayList<>();
    List<String> conditional = new ArrayList<>();
    for (AbilityAnswer answer : of(other)) {
      List<Passage> more = answer.more();
      if (more.isEmpty()) {
        continue;
      }
      if (!more.stream().allMatch(Passage::isAlways)) {
        conditional.add(conditional(answer, more));
      } else if (more.equals(answer.passages())) {
        whole.add(title(answer));
      } else {
        whole.add(title(answer, more.stream().map(Passage::call).distinct().toList()));
      }
    }
    if (!whole.isEmpty()) {
      page.line(Paint.WARNING, term, String.join(", ", whole));
    }
    conditional.forEach(line -> page.line(Paint.WARNING, term, line));
  }

  /// For programs: what one architecture has.
  List<Mapping> json(Architecture architecture) {
    return of(architecture).stream().map(AbilityAnswers::json).toList();
  }

  private static Mapping json(AbilityAnswer answer) {
    return new MappingBuilder()
        .put("id", answer.ability().id())
        .put("title", answer.ability().title())
        .put("answer", answer.outcome().id())
        .put("by", answer.passages().stream().map(AbilityAnswers::json).toList())
        .put(
            "barred",
            answer.barred().stream()
                .<Value>map(name -> new Value.Text(Position.NONE, name))
                .toList())
        .build();
  }

  private static Mapping json(Passage passage) {
    List<Value> arguments =
        passage.example().arguments().stream()
            .<Value>map(each -> new Value.Text(Position.NONE, DifferenceText.hex(each)))
            .toList();
    return new MappingBuilder()
        .put("syscall", passage.call())
        .put("for", passage.behind())
        .put("condition", ConditionText.of(passage.condition(), List.of(passage.call())))
        .put("example", arguments)
        .build();
  }
}
