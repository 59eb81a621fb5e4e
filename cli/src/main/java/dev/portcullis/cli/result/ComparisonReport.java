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
import java.util.List;

/// What comes of comparing two filters, for people and for programs.
///
/// @param first as it was named on the command line
/// @param machine the architecture that comes first, as `x86_64`, and of which others are left out
///   where they only repeat it; empty where all are wanted
public record ComparisonReport(String first, String second, Comparison compared, String machine)
    implements Report {
  /// Of what is said about all differences of a kind.
  private static final int WIDTH = 100;

  /// With all architectures.
  public ComparisonReport(String first, String second, Comparison compared) {
    this(first, second, compared, "");
  }

  /// The relation comes first, then what makes it so.
  @Override
  public void table(Terminal terminal) {
    Paragraph.on(terminal)
        .sayWithin(
            first + " is ",
            paint(compared.relation()),
            compared.relation().toString(),
            " " + word(compared.relation()) + " " + second);
    differences(terminal);
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
      for (Difference difference : of.shown()) {
        paragraph.detail("", 2, DifferenceText.what(difference));
        paragraph.detail("", 6, DifferenceText.how(difference));
      }
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
      case FAKES_SUCCESS -> "neither stricter nor weaker, as success is faked:";
      case ASKS -> "neither stricter nor weaker, as another process decides:";
      case KEEPS_RIGHTS -> "neither stricter nor weaker, as rights may be kept:";
      case STRICTER -> "stricter:";
      case DATA -> "another errno or message, no more and no less severe:";
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

  private static Mapping difference(Difference difference) {
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
