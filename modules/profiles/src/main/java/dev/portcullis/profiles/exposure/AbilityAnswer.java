package dev.portcullis.profiles.exposure;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.meaning.CallCondition;
import java.util.List;

/// Whether a filter lets the calls of one architecture do something.
///
/// @param passages the calls that do it and pass, by name, those that a filter sees whole first;
///   those that another process decides about where there are no others
/// @param barred names of calls that would do it, too, seen whole by a filter, and never pass
/// @param more what of the passages programs of the first architecture that was asked for do not
///   have
public record AbilityAnswer(
    Ability ability,
    Outcome outcome,
    List<Passage> passages,
    List<String> barred,
    List<Passage> more) {
  public AbilityAnswer {
    passages = List.copyOf(passages);
    barred = List.copyOf(barred);
    more = List.copyOf(more);
  }

  AbilityAnswer doingMore(List<Passage> passages) {
    return new AbilityAnswer(ability, outcome, this.passages, barred, passages);
  }

  /// The result, the widest last.
  public enum Outcome {
    /// The architecture has no such call.
    NO_CALL("no-call"),
    /// The machine's libseccomp does not know the number of such a call.
    UNKNOWN("unknown"),
    DENIED("denied"),
    /// A listener or a tracer decides.
    ASKED("asked"),
    /// Some such calls pass, by their arguments, and others do not.
    BY_ARGUMENTS("by-arguments"),
    ALLOWED("allowed");

    private final String id;

    Outcome(String id) {
      this.id = id;
    }

    /// The word for it in results for programs.
    public String id() {
      return id;
    }
  }

  /// A call by which it is done.
  ///
  /// @param call by its name
  /// @param behind what it does it through, whose arguments no filter sees: the call that it stands
  ///   for, or `flags`; empty where the filter sees everything
  /// @param condition for which arguments it passes
  /// @param example one that passes: it was run through the programs of the filter
  public record Passage(String call, String behind, CallCondition condition, Call example) {
    /// Whether every such call passes.
    public boolean isAlways() {
      return condition.isAlways();
    }
  }

  /// The calls that always pass, by name, where not every call passes by which it is done; none
  /// where there is nothing to say.
  public List<String> onlyBy() {
    List<Passage> whole = passages.stream().filter(each -> each.behind().isEmpty()).toList();
    boolean every =
        barred.isEmpty() && !whole.isEmpty() && whole.stream().allMatch(Passage::isAlways);
    return every
        ? List.of()
        : passages.stream().filter(Passage::isAlways).map(Passage::call).distinct().toList();
  }
}
