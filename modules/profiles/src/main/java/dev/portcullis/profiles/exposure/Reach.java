package dev.portcullis.profiles.exposure;

import dev.portcullis.seccomp.profile.Architecture;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Whether a process reaches vulnerable code, by its filter and its rights. What else may be in the
/// way, such as a fixed kernel or a module that is not there, is not looked at.
///
/// @param closedOn the architectures of whose calls alone it is not reached
/// @param steps that lead there; or those that are barred, where it is closed
/// @param reason why it cannot be decided; empty where it can
public record Reach(
    Outcome outcome, List<Architecture> closedOn, List<StepResult> steps, String reason) {
  public Reach {
    closedOn = List.copyOf(closedOn);
    steps = List.copyOf(steps);
  }

  /// The result.
  public enum Outcome {
    REACHABLE("reachable"),
    /// The machine's own calls do not reach it, those of another architecture do.
    CLOSED_IN_PART("closed-in-part"),
    UNDECIDED("undecided"),
    CLOSED("closed");

    private final String id;

    Outcome(String id) {
      this.id = id;
    }

    /// The word for it in results for programs.
    public String id() {
      return id;
    }
  }

  /// Where nothing is known of the filter.
  static Reach undecided(String reason) {
    return new Reach(Outcome.UNDECIDED, List.of(), List.of(), reason);
  }

  /// In a few words.
  public String text() {
    return switch (outcome) {
      case REACHABLE -> "reachable";
      case CLOSED_IN_PART -> "closed only for " + names(closedOn);
      case UNDECIDED -> "cannot be said";
      case CLOSED -> "closed";
    };
  }

  private static String names(List<Architecture> architectures) {
    return architectures.stream()
        .map(each -> each.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
