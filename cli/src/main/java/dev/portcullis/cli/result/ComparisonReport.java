package dev.portcullis.cli.result;

import dev.portcullis.cli.print.Colour;
import dev.portcullis.cli.print.Escape;
import dev.portcullis.cli.print.Paint;
import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.MappingBuilder;
import dev.portcullis.documents.Position;
import dev.portcullis.documents.Value;
import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.ConditionText;
import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compare.Direction;
import dev.portcullis.seccomp.compare.Relation;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What comes of comparing two filters, for people and for programs.
///
/// @param first as it was named on the command line
public record ComparisonReport(String first, String second, Comparison.Compared compared) {
  private static final int MOST_NAMES = 12;

  /// For people. The relation comes first, then what makes it so.
  public void table(PrintStream out, Colour colour) {
    out.println(
        Escape.line(first)
            + " is "
            + colour.paint(paint(compared.relation()), compared.relation().toString())
            + " "
            + word(compared.relation())
            + " "
            + Escape.line(second));
    for (Direction direction : Direction.values()) {
      List<Difference> of =
          compared.differences().stream().filter(each -> each.direction() == direction).toList();
      if (!of.isEmpty()) {
        out.println();
        out.println(colour.paint(Paint.HEADING, heading(direction)));
      }
      for (Difference difference : of) {
        out.println("  " + Escape.line(what(difference)));
        out.println(
            "      "
                + Escape.line(
                    difference.first()
                        + " against "
                        + difference.second()
                        + ", as "
                        + call(difference)));
      }
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
      case DATA -> "another errno or message, which does not count:";
    };
  }

  private static String what(Difference difference) {
    List<String> names = new ArrayList<>(difference.names());
    if (names.size() > MOST_NAMES) {
      int more = names.size() - MOST_NAMES;
      names = new ArrayList<>(names.subList(0, MOST_NAMES));
      names.add("and " + more + " more");
    }
    if (!difference.others().isEmpty()) {
      names.add("numbers without a name (" + difference.others() + ")");
    }
    if (names.isEmpty()) {
      names.add("calls");
    }
    String condition = ConditionText.of(difference.condition(), difference.names());
    return String.join(", ", names)
        + (condition.isEmpty() ? "" : " where " + condition)
        + " on "
        + String.join(", ", difference.where());
  }

  /// As `clone(0x10000000, 0, 0, 0, 0, 0)`.
  private static String call(Difference difference) {
    Call witness = difference.witness();
    String name =
        difference.names().isEmpty()
            ? "call " + Integer.toUnsignedString(witness.number())
            : difference.names().getFirst();
    return name
        + "("
        + witness.arguments().stream().map(ComparisonReport::hex).collect(Collectors.joining(", "))
        + "), number "
        + Integer.toUnsignedString(witness.number())
        + " of architecture "
        + hex(Integer.toUnsignedLong(witness.architecture()));
  }

  private static String hex(long value) {
    return value == 0 ? "0" : "0x" + Long.toHexString(value);
  }

  /// For programs: one document.
  public String json() {
    return JsonWriter.pretty(
        new MappingBuilder()
            .put("a", first)
            .put("b", second)
            .put("relation", compared.relation().toString())
            .put(
                "differences",
                compared.differences().stream().map(ComparisonReport::difference).toList())
            .build());
  }

  private static Mapping difference(Difference difference) {
    return new MappingBuilder()
        .put("direction", difference.direction().toString())
        .put("architectures", texts(difference.where()))
        .put("syscalls", texts(difference.names()))
        .put("otherNumbers", difference.others())
        .put("condition", ConditionText.of(difference.condition(), difference.names()))
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
        .put("architecture", hex(Integer.toUnsignedLong(call.architecture())))
        .put("number", Integer.toUnsignedLong(call.number()))
        .put("arguments", texts(call.arguments().stream().map(ComparisonReport::hex).toList()))
        .build();
  }

  private static List<Value> texts(List<String> texts) {
    return texts.stream().map(ComparisonReport::text).toList();
  }

  private static Value text(String text) {
    return new Value.Text(Position.NONE, text);
  }
}
