package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Relation;
import dev.portcullis.seccomp.compile.Dialect;
import dev.portcullis.seccomp.compose.Combination;
import dev.portcullis.seccomp.compose.Composition;
import dev.portcullis.seccomp.json.ProfileWriter;
import dev.portcullis.seccomp.profile.Architecture;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What came of putting profiles together, and what is proven of it.
///
/// @param names of the profiles, as they were named on the command line
/// @param machine this machine's architecture, whose differences come first
public record CompositionReport(
    Combination combination,
    List<String> names,
    Composition.Composed composed,
    Architecture machine)
    implements Report {
  /// Of names in a line.
  private static final int MOST_NAMES = 12;

  public CompositionReport {
    names = List.copyOf(names);
  }

  @Override
  public void table(Terminal terminal) {
    Paragraph paragraph = Paragraph.on(terminal);
    Relation relation = relation();
    paragraph.sayWithin(
        combination.words() + " of " + words(names) + " is ",
        relation == Relation.EQUAL ? Paint.GOOD : Paint.WARNING,
        relation.toString(),
        " "
            + (relation == Relation.EQUAL ? "to" : "than")
            + " the "
            + severity()
            + " of what they do, for every call ("
            + words(runtimes())
            + ")");
    if (!composed.unproven().isEmpty()) {
      int count = composed.unproven().size();
      List<String> first = composed.unproven().subList(0, Math.min(count, MOST_NAMES));
      paragraph.detail(
          "",
          2,
          "the rules for calls that have no number here are put together as they are written: "
              + String.join(", ", first)
              + (count > MOST_NAMES ? " and " + (count - MOST_NAMES) + " more" : ""));
    }
    new ComparisonReport(
            combination.words(),
            "the " + severity(),
            new Comparison(relation, composed.differences(), List.of()),
            machine.name().toLowerCase(Locale.ROOT),
            Set.of())
        .differences(terminal);
  }

  private Relation relation() {
    if (composed.exact()) {
      return Relation.EQUAL;
    }
    return combination == Combination.INTERSECTION ? Relation.STRICTER : Relation.WEAKER;
  }

  private String severity() {
    return switch (combination) {
      case INTERSECTION -> "most severe";
      case UNION -> "least severe";
    };
  }

  /// As the options of verbs have them.
  private List<String> runtimes() {
    return Arrays.stream(Dialect.values())
        .filter(composed.dialects()::contains)
        .map(each -> each.name().toLowerCase(Locale.ROOT).replaceFirst("_", "-").replace('_', '.'))
        .toList();
  }

  private static String words(List<String> texts) {
    int last = texts.size() - 1;
    return last < 1
        ? String.join("", texts)
        : String.join(", ", texts.subList(0, last)) + " and " + texts.get(last);
  }

  @Override
  public Mapping document() {
    return new MappingBuilder()
        .put("profiles", texts(names))
        .put("relation", relation().toString())
        .put("runtimes", texts(runtimes()))
        .put("unproven", texts(composed.unproven()))
        .put(
            "differences",
            composed.differences().stream().map(ComparisonReport::difference).toList())
        .put("profile", ProfileWriter.tree(composed.profile()))
        .build();
  }

  private static List<Value> texts(List<String> texts) {
    return texts.stream().<Value>map(each -> new Value.Text(Position.NONE, each)).toList();
  }
}
