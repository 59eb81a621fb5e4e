package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Plural;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.heal.HealPlan;
import dev.portcullis.seccomp.heal.HealProposal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a profile refused, and what would allow it, for people and for programs.
///
/// @param name of the profile
/// @param warnings by the name of a call
/// @param lost how many denials are known to be missing
public record HealReport(String name, HealPlan plan, Map<String, List<String>> warnings, long lost)
    implements Report {
  /// Of places and of reasons, which others may have made many of.
  private static final int MOST = 20;

  public HealReport {
    warnings = Map.copyOf(warnings);
  }

  @Override
  public void table(Terminal terminal) {
    Paragraph paragraph = Paragraph.on(terminal);
    if (plan.proposals().isEmpty()) {
      paragraph.heading(name + " refuses nothing of this");
    } else {
      paragraph.heading(name + " refuses:");
    }
    for (HealProposal proposal : plan.proposals()) {
      paragraph.detail(
          "",
          2,
          proposal.name()
              + ": "
              + String.join(" or ", proposal.answers())
              + ", "
              + Plural.of(proposal.count(), "time")
              + ", "
              + places(proposal.where()));
      paragraph.detail("", 4, "least change: " + edits(proposal));
      warnings
          .getOrDefault(proposal.name(), List.of())
          .forEach(text -> paragraph.say(Paint.WARNING, "    warning:", text));
    }
    if (!plan.others().isEmpty()) {
      paragraph.heading("not from this profile as it is, or not to be allowed by it:");
      limited(plan.others()).forEach(text -> paragraph.detail("", 2, text));
    }
  }

  private static String edits(HealProposal proposal) {
    return proposal.edits().stream().map(ProfileEdit::text).collect(Collectors.joining(" and "));
  }

  private static String places(List<String> where) {
    return "in " + String.join(", ", limited(where));
  }

  private static List<String> limited(List<String> all) {
    return all.size() <= MOST
        ? all
        : Stream.concat(all.stream().limit(MOST), Stream.of((all.size() - MOST) + " more"))
            .toList();
  }

  @Override
  public Mapping document() {
    List<Mapping> refused = new ArrayList<>();
    for (HealProposal proposal : plan.proposals()) {
      refused.add(
          new MappingBuilder()
              .put("syscall", proposal.name())
              .putTexts("answers", proposal.answers())
              .put("count", proposal.count())
              .putTexts("where", proposal.where())
              .putTexts("changes", proposal.edits().stream().map(ProfileEdit::text).toList())
              .putTexts("warnings", warnings.getOrDefault(proposal.name(), List.of()))
              .build());
    }
    return new MappingBuilder()
        .put("profile", name)
        .put("refused", refused)
        .putTexts("others", plan.others())
        .put("lost", lost)
        .build();
  }
}
