package dev.portcullis.container.proof;

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

  /// The kernel answers some calls with another errno than that filter, and is as severe with every
  /// call: what a runtime makes of the profile that was built with another libseccomp than this
  /// machine's, which knows more calls, or fewer. No call is let through that the filter denies.
  ///
  /// @param compared the filters of the process against the one that it should have; EQUAL
  /// @param further filters that the process has besides, as above
  record Equal(Comparison compared, int further, Duration stopped) implements Proof {}

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
      case Equal _ -> "equal";
      case Different _ -> "different";
      case Unknown _ -> "unproven";
    };
  }

  /// What is to be reported about it in one line; what is proven needs no words.
  default String detail() {
    return switch (this) {
      case Proven(int further, _) ->
          switch (further) {
            case 0 -> "";
            case 1 -> "one further filter can only forbid more";
            default -> further + " further filters can only forbid more";
          };
      case Equal(Comparison compared, _, _) ->
          "it is as severe with every call, and answers some with another errno, as where the"
              + " runtime has another libseccomp: "
              + examples(compared);
      case Different(Comparison compared) -> examples(compared);
      case Unknown(String reason) -> reason;
    };
  }

  private static String examples(Comparison compared) {
    int more = compared.differences().size() - 1;
    return example(compared.differences().getFirst())
        + (more == 0
            ? ""
            : ", and " + more + (more == 1 ? " more difference" : " more differences"));
  }

  /// One call that shows it.
  private static String example(Difference difference) {
    return DifferenceText.invocation(difference)
        + " on "
        + difference.where().getFirst()
        + ": the kernel has "
        + difference.first().on(difference.witness().architecture())
        + ", the profile has "
        + difference.second().on(difference.witness().architecture());
  }
}
