package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Mapping;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.effect.ConditionText;
import dev.portcullis.seccomp.effect.Cost;
import dev.portcullis.seccomp.effect.Effect;
import dev.portcullis.seccomp.effect.Effects;
import dev.portcullis.seccomp.meaning.CallCondition;
import dev.portcullis.seccomp.syscall.SyscallGroup;
import dev.portcullis.seccomp.syscall.SyscallGroups;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What filters do.
///
/// @param name as they were named on the command line
/// @param filters how many there are; nothing more is shown to people where there is none
/// @param answers what they let a process do, for each architecture
/// @param whole how many of the architectures are shown call by call
public record ShowReport(
    String name,
    int filters,
    AbilityAnswers answers,
    Effects effects,
    Cost cost,
    SyscallGroups groups,
    int whole)
    implements Report {
  @Override
  public Mapping document() {
    return new ShowJson(name, filters, answers, effects, cost, groups).document();
  }

  @Override
  public void table(Terminal terminal) {
    if (filters == 0) {
      Paragraph.on(terminal)
          .sayWithin(
              name + " has ", Paint.WARNING, "no seccomp filter", ": every system call is allowed");
      return;
    }
    Page page = new Page(terminal);
    int at = 0;
    for (Effects.OfArchitecture each : effects.architectures()) {
      if (at++ < whole) {
        calls(page, each);
      }
    }
    page.heading("other architectures");
    effects.architectures().stream().skip(whole).forEach(each -> page.line(word(each), sum(each)));
    page.line("all others", join(effects.elsewhere()));
    page.heading("cost");
    page.line("instructions", cost.instructions() + ", " + cost.longest() + " on the longest way");
    for (Cost.OfArchitecture each : cost.architectures().subList(0, whole)) {
      page.line(
          word(each.architecture().name()),
          each.typical()
              + " instructions for a typical call; "
              + each.constant()
              + " of "
              + each.allowed()
              + " allowed calls pass without running the filter (Linux 5.11 and later)");
    }
  }

  private void calls(Page page, Effects.OfArchitecture of) {
    page.title(Escape.line(name) + " on " + word(of) + ": " + sum(of));
    answers.print(page, of.architecture(), whole == 1);
    Map<String, List<Effect>> byName = of.byName();
    for (SyscallGroup group : groups.all()) {
      Map<String, List<String>> lines = new LinkedHashMap<>();
      List<String> byArguments = new ArrayList<>();
      byName.forEach((call, does) -> {
        if (!groups.of(call).equals(group)) {
          return;
        }
        if (does.size() == 1) {
          lines.computeIfAbsent(word(does.getFirst(), of), _ -> new ArrayList<>()).add(call);
        } else {
          byArguments.add(call + ": " + conditions(call, does, of));
        }
      });
      if (lines.isEmpty() && byArguments.isEmpty()) {
        continue;
      }
      page.heading(group.name() + ": " + group.title());
      // What passes comes first.
      of.effects().stream()
          .map(effect -> word(effect, of))
          .distinct()
          .filter(lines::containsKey)
          .forEach(word -> page.line(word, String.join(", ", lines.get(word))));
      byArguments.forEach(line -> page.line("by arguments", line));
    }
    List<Effect> others = of.effects().stream().filter(each -> !each.others().isEmpty()).toList();
    if (!others.isEmpty()) {
      page.heading("numbers without a name");
      others.forEach(effect ->
          page.line(word(effect, of), effect.others() + where(effect.condition(), List.of())));
    }
  }

  private static String where(CallCondition condition, List<String> calls) {
    String text = ConditionText.of(condition, calls);
    return text.isEmpty() ? "" : " where " + text;
  }

  /// The last is the rest.
  private static String conditions(String call, List<Effect> does, Effects.OfArchitecture of) {
    List<String> parts = new ArrayList<>();
    for (Effect effect : does.subList(0, does.size() - 1)) {
      parts.add(word(effect, of) + where(effect.condition(), List.of(call)));
    }
    parts.add("else " + word(does.getLast(), of));
    return String.join("; ", parts);
  }

  private static String sum(Effects.OfArchitecture of) {
    int allowed = 0;
    int byArguments = 0;
    Map<String, Integer> rest = new LinkedHashMap<>();
    for (List<Effect> does : of.byName().values()) {
      if (does.size() > 1) {
        byArguments++;
      } else if (does.getFirst().verdict().kind() == Kind.ALLOW) {
        allowed++;
      } else {
        rest.merge(word(does.getFirst(), of), 1, Integer::sum);
      }
    }
    List<String> parts = new ArrayList<>();
    parts.add(allowed + " calls allowed");
    if (byArguments > 0) {
      parts.add(byArguments + " by their arguments");
    }
    rest.forEach((word, count) -> parts.add(count + " " + word));
    return String.join(", ", parts);
  }

  private static String join(List<Verdict> verdicts) {
    return verdicts.stream().map(ShowReport::word).collect(Collectors.joining(" or "));
  }

  private static String word(Effect effect, Effects.OfArchitecture of) {
    Verdict verdict = effect.verdict();
    return verdict.kind() == Kind.ALLOW ? "allowed" : verdict.on(of.architecture().token());
  }

  private static String word(Verdict verdict) {
    return verdict.kind() == Kind.ALLOW ? "allowed" : verdict.toString();
  }

  private static String word(Effects.OfArchitecture of) {
    return word(of.architecture().name());
  }

  private static String word(String architecture) {
    return architecture.toLowerCase(Locale.ROOT);
  }
}
