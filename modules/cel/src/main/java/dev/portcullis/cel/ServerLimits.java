package dev.portcullis.cel;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.documents.JsonWriter;
import dev.portcullis.documents.Mapping;
import dev.portcullis.documents.Sequence;
import dev.portcullis.documents.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What an API server takes, and what it computes: beyond these it refuses the objects, or every
/// pod.
final class ServerLimits {
  /// Code points of an expression (`k8s.io/apiserver/pkg/cel`, `MaxExpressionCodePointLength` of
  /// `celconfig`).
  static final int LONGEST_EXPRESSION = 100_000;

  /// Bytes of an object: etcd takes requests of 1.5 MiB (`--max-request-bytes`), with more than the
  /// object in them.
  static final int LARGEST_OBJECT = 1_500_000;

  /// Directories in the pattern of a policy.
  static final int DEEPEST = 40;

  private final GrantTable table;
  private final @Nullable DefaultChain chain;

  ServerLimits(GrantTable table, @Nullable DefaultChain chain) {
    this.table = table;
    this.chain = chain;
  }

  /// Why an API server would not take policies, or would refuse every pod by them.
  List<String> problems(List<AdmissionPolicy> policies) {
    List<String> problems = new ArrayList<>();
    if (chain != null && chain.questions() > GrantTable.MOST_ASKED) {
      problems.add(
          "policies with a default take "
              + chain.questions()
              + " questions to the authorizer, and an API server answers "
              + GrantTable.MOST_ASKED
              + " for a pod: let at most "
              + GrantTable.MOST_ASKED
              + " policies have a default (a PodSecurityPolicy counts twice)");
    }
    if (table.depth() > DEEPEST + 1) {
      problems.add(
          "a policy has a pattern with "
              + (table.depth() - 1)
              + " directories; at most "
              + DEEPEST
              + " fit into an expression");
    }
    if (!problems.isEmpty()) {
      return problems;
    }
    for (AdmissionPolicy policy : policies) {
      Mapping spec = policy.spec();
      int bytes = JsonWriter.compact(spec).getBytes(UTF_8).length;
      if (bytes > LARGEST_OBJECT) {
        problems.add(
            policy.kind()
                + " "
                + policy.name()
                + " would have "
                + bytes
                + " bytes, and an API server takes "
                + LARGEST_OBJECT
                + ": of "
                + table.keys
                + " policies, about "
                + (long) table.keys * LARGEST_OBJECT / bytes
                + " of this size would fit");
      }
      expressions(
          spec,
          expression -> {
            int length = expression.codePointCount(0, expression.length());
            if (length > LONGEST_EXPRESSION) {
              problems.add(
                  policy.kind()
                      + " "
                      + policy.name()
                      + " would have an expression of "
                      + length
                      + " characters, and an API server takes "
                      + LONGEST_EXPRESSION);
            }
          });
    }
    return problems;
  }

  private static void expressions(Value value, Consumer<String> each) {
    switch (value) {
      case Mapping mapping ->
          mapping
              .entries()
              .forEach((key, entry) -> {
                if (entry.value() instanceof Value.Text(_, String text)
                    && (key.equals("expression") || key.equals("messageExpression"))) {
                  each.accept(text);
                } else {
                  expressions(entry.value(), each);
                }
              });
      case Sequence list -> list.items().forEach(item -> expressions(item, each));
      case Value.Text _, Value.Numeral _, Value.Truth _, Value.Null _ -> {}
    }
  }
}
