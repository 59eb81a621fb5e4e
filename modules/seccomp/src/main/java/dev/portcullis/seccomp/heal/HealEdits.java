package dev.portcullis.seccomp.heal;

import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.derive.ChangeText;
import dev.portcullis.seccomp.derive.ProfileEdit;
import dev.portcullis.seccomp.meaning.ArgumentDecision;
import dev.portcullis.seccomp.meaning.FilterSemantics;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.ArgumentCondition;
import dev.portcullis.seccomp.profile.Operator;
import dev.portcullis.seccomp.recording.ArgumentSelection;
import dev.portcullis.seccomp.recording.KeptArgument;
import dev.portcullis.seccomp.syscall.ArgumentWidths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The changes that allow a call: with the arguments that it had, where they are known; else with
/// those that the filter refuses as it was refused; else with all.
record HealEdits(FilterSemantics meaning, Architecture architecture, int number, String name) {
  /// More would not be read one by one.
  private static final int MOST_EDITS = 8;

  List<ProfileEdit> of(DenialRecord denial, List<Verdict> answers) {
    List<ArgumentCondition> known = known(denial.arguments());
    return known.isEmpty() ? refused(answers) : List.of(edit(known));
  }

  private List<ArgumentCondition> known(List<Long> arguments) {
    List<ArgumentCondition> conditions = new ArrayList<>();
    for (KeptArgument kept :
        ArgumentSelection.isInMemory(name)
            ? List.<KeptArgument>of()
            : ArgumentSelection.of(name, architecture)) {
      if (kept.index() < arguments.size()) {
        long mask = kept.mask() & ArgumentWidths.taken(name, kept.index());
        conditions.add(
            new ArgumentCondition(
                kept.index(), mask, arguments.get(kept.index()) & mask, Operator.MASKED_EQ));
      }
    }
    return conditions;
  }

  private List<ProfileEdit> refused(List<Verdict> answers) {
    ArgumentDecision decision = meaning.decision(architecture.token(), number);
    List<ProfileEdit> edits = new ArrayList<>();
    for (Verdict answer : answers) {
      Optional<List<List<ArgumentCondition>>> alternatives =
          decision.rules(answer, ArgumentDecision.Shape.SHORT, MOST_EDITS);
      if (alternatives.isEmpty()) {
        return List.of(edit(List.of()));
      }
      for (List<ArgumentCondition> conditions : alternatives.get()) {
        List<ArgumentCondition> taken = new ArrayList<>();
        for (ArgumentCondition condition : conditions) {
          if (!isTaken(condition)) {
            return List.of(edit(List.of()));
          }
          taken.add(condition);
        }
        edits.add(edit(taken));
      }
    }
    return edits.size() > MOST_EDITS ? List.of(edit(List.of())) : edits;
  }

  /// Whether it looks at bits alone that the kernel takes.
  private boolean isTaken(ArgumentCondition condition) {
    long ignored = ~ArgumentWidths.taken(name, condition.index());
    return (condition.value() & ignored) == 0 && (condition.bits() & ignored) == 0;
  }

  private ProfileEdit edit(List<ArgumentCondition> conditions) {
    return new ProfileEdit(ChangeText.of(name, conditions), true, List.of(name), conditions);
  }
}
