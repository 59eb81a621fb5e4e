package dev.portcullis.node.proof;

import dev.portcullis.seccomp.compare.Comparison;
import dev.portcullis.seccomp.compare.Difference;
import dev.portcullis.seccomp.compare.DifferenceText;
import java.time.Duration;

/// How the filters of a living process stand to the filter that it should have.
public sealed interface Proof {

  /// The kernel runs that filter: it does the same with every call, errno and message included.
  ///
  /// @param further filters that the process has besides. Of several the most severe counts, so
  ///   these can only forbid more: programs add filters of their own, and those of a runtime that
  ///   is filtered itself are passed on
  /// @param stopped for how long a thread of the process stood still, at the most
  record Proven(int further, Duration stopped) implements Proof {}

  /// The kernel does other things than that filter with some calls.
  ///
  /// @param compared the filters of the process against the one that it should have
  record Different(Comparison compared) implements Proof {}

  /// It is not known, and nothing may be concluded.
  record Unknown(String reason) implements Proof {}

  /// The word for it in results and metrics.
  default String text() {
    return switch (this) {
      case Proven _ -> "proven";
      case Different _ -> "different";
      case Unknown _ -> "unproven";
    };
  }

  /// What is to be said about it in one line; what is proven needs no words.
  default String detail() {
    return switch (this) {
      case Proven(int further, _) ->
          switch (further) {
            case 0 -> "";
            case 1 -> "one further filter can only forbid more";
            default -> further + " further filters can only forbid more";
          };
      case Different(Comparison compared) ->
          example(compared.differences().getFirst())
              + (compared.differences().size() == 1
                  ? ""
                  : ", and " + (compared.differences().size() - 1) + " more differences");
      case Unknown(String reason) -> reason;
    };
  }

  /// One call that shows it.
  private static String example(Difference difference) {
    return DifferenceText.invocation(difference)
        + " on "
        + difference.where().getFirst()
        + ": the kernel does "
        + difference.first()
        + ", the profile says "
        + difference.second();
  }
}
