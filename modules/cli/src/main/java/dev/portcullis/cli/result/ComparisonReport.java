package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Paint;
import dev.portcullis.cli.print.Paragraph;
import dev.portcullis.cli.print.Terminal;
import dev.portcullis.cli.print.Wrap;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compare.Beside;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compare.DifferenceText;
import dev.portcullis.seccomp.compare.Direction;
import dev.portcullis.seccomp.compare.Relation;
import dev.portcullis.seccomp.effect.ConditionText;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What comes of comparing two filters, for people and for programs.
///
/// @param first as it was named on the command line
/// @param machine the architecture that comes first, as `x86_64`, and of which others are left out
///   where they only repeat it; empty where all are wanted
/// @param unfiltered those of the two that have no filter: what they allow is not listed
public record ComparisonReport(
    String first, String second, Comparison compared, String machine, Set<String> unfiltered)
    implements Report {
  /// Of what is reported about all differences of a kind.
  private static final int WIDTH = 100;

  /// Names in a sentence.
  private static final int MOST_NAMED = 5;

  public ComparisonReport {
    unfiltered = Set.copyOf(unfiltered);
  }

  /// With all architectures.
  public ComparisonReport(String first, String second, Comparison compared) {
    this(first, second, compared, "", Set.of());
  }

  /// The relation comes first, then what makes it so.
  @Override
  public void table(Terminal terminal) {
    Paragraph.on(terminal)
        .sayWithin(
            first + " is ",
            paint(compared.relation()),
            compared.relation().toString(),
            " " + word(compared.relation()) + " " + second + (unfiltered.isEmpty() ? "" : why()));
    if (unfiltered.isEmpty()) {
      differences(terminal);
    }
  }

  /// Why, where one of them has no filter.
  private String why() {
    if (unfiltered.containsAll(List.of(first, second))) {
      return ": neither has a seccomp filter";
    }
    List<String> reasons = new ArrayList<>();
    reasons.add(": " + (unfiltered.contains(first) ? first : second) + " has no seccomp filter");
    if (compared.relation() == Relation.INCOMPARABLE) {
      compared.beside().forEach(each -> reasons.add(each.toString()));
      for (Direction direction : Direction.values()) {
        List<String> names =
            compared.differences().stream()
                .filter(each -> each.direction() == direction && direction.isIncomparable())
                .flatMap(each -> each.names().stream())
                .distinct()
                .toList();
        if (!names.isEmpty()) {
          reasons.add(reason(direction) + " (" + some(names) + ")");
        }
      }
    }
    return String.join("; ", reasons);
  }

  private static String some(List<String> names) {
    int more = names.size() - MOST_NAMED;
    return String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMED)))
        + (more > 0 ? " and " + more + " more" : "");
  }

  /// What makes it so.
  void differences(Terminal terminal) {
    PrintStream out = terminal.out();
    Paragraph paragraph = Paragraph.on(terminal);
    if (!compared.beside().isEmpty()) {
      out.println();
      paragraph.heading("neither stricter nor weaker, beside the filters:");
      compared.beside().forEach(each -> paragraph.detail("", 2, each.toString()));
    }
    if (compared.differences().isEmpty()) {
      return;
    }
    ComparisonDiff diff = new ComparisonDiff(terminal, machine);
    out.println();
    diff.header(first, second);
    for (Direction direction : Direction.values()) {
      DifferencesByMachine of = DifferencesByMachine.of(compared.differences(), direction, machine);
      if (!of.shown().isEmpty()) {
        out.println();
        paragraph.heading(heading(direction));
        if (direction.isIncomparable()) {
          Wrap.words(DifferenceText.why(direction), Math.min(WIDTH, terminal.limit() - 2))
              .forEach(line -> out.println("  " + line));
        }
      }
      diff.print(of.shown());
      of.repeatedText().forEach(line -> paragraph.detail("", 2, line));
    }
  }

  private static Paint paint(Relation relation) {
    return relation.isNoWeaker() ? Paint.GOOD : Paint.BAD;
  }

  private static String word(Relation relation) {
    return switch (relation) {
      case EQUAL -> "to";
      case STRICTER, WEAKER -> "than";
      case INCOMPARABLE -> "with";
    };
  }

  private static String heading(Direction direction) {
    return switch (direction) {
      case WEAKER -> "weaker:";
      case STRICTER -> "stricter:";
      case FAKES_SUCCESS, ASKS, KEEPS_RIGHTS ->
          "neither stricter nor weaker, as " + reason(direction) + ":";
      case DATA -> "another errno or message, no more and no less severe:";
    };
  }

  /// Of directions that make neither the stricter one.
  private static String reason(Direction direction) {
    return switch (direction) {
      case FAKES_SUCCESS -> "success is faked";
      case ASKS -> "another process decides";
      case KEEPS_RIGHTS -> "rights may be kept";
      case WEAKER, STRICTER, DATA -> throw new IllegalArgumentException(direction.toString());
    };
  }

  /// For programs: one document.
  @Override
  public Mapping document() {
    return mapping();
  }

  /// The same as a part of another document.
  public Mapping mapping() {
    return new MappingBuilder()
        .put("a", first)
        .put("b", second)
        .put("relation", compared.relation().toString())
        .put("beside", compared.beside().stream().map(ComparisonReport::unlike).toList())
        .put(
            "differences",
            compared.differences().stream().map(ComparisonReport::difference).toList())
        .build();
  }

  private static Mapping unlike(Beside.Unlike unlike) {
    return new MappingBuilder()
        .put("field", unlike.field())
        .put("a", unlike.first())
        .put("b", unlike.second())
        .build();
  }

  /// One difference, as documents have it.
  static Mapping difference(Difference difference) {
    return new MappingBuilder()
        .put("direction", difference.direction().toString())
        .put("architectures", texts(difference.where()))
        .put("syscalls", texts(difference.names()))
        .put("otherNumbers", difference.others())
        .put("condition", ConditionText.of(difference.condition(), difference.names()))
        .put("registers", ConditionText.ofRegisters(difference.condition(), difference.names()))
        .put("a", verdict(difference.first()))
        .put("b", verdict(difference.second()))
        .put("witness", witness(difference.witness()))
        .build();
  }

  private static Mapping verdict(Verdict verdict) {
    MappingBuilder object = new MappingBuilder().put("action", verdict.kind().toString());
    if (verdict.kind().hasData()) {
      object.put("data", verdict.data());
    }
    return object.build();
  }

  private static Mapping witness(Call call) {
    return new MappingBuilder()
        .put("architecture", DifferenceText.hex(Integer.toUnsignedLong(call.architecture())))
        .put("number", Integer.toUnsignedLong(call.number()))
        .put("arguments", texts(call.arguments().stream().map(DifferenceText::hex).toList()))
        .build();
  }

  private static List<Value> texts(List<String> texts) {
    return texts.stream().map(ComparisonReport::text).toList();
  }

  private static Value text(String text) {
    return new Value.Text(Position.NONE, text);
  }
}
