package dev.portcullis.seccomp.recording;

import dev.portcullis.seccomp.profile.ArgumentCondition;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The conditions under which a recorded call is allowed.
final class CallConditions {
  /// Of more a filter becomes slow, and the program probably uses others, too.
  static final int MOST = 32;

  private CallConditions() {}

  /// Each a list of which all must hold; a single empty one for all arguments.
  static Set<List<ArgumentCondition>> of(RecordedCall call, ArgumentConditions level) {
    Set<List<ArgumentCondition>> all = new LinkedHashSet<>();
    for (RecordedCall.Values values :
        call.isComplete() ? call.values() : List.<RecordedCall.Values>of()) {
      List<ArgumentCondition> conditions = new ArrayList<>();
      for (int i = 0; i < call.kept().size(); i++) {
        KeptArgument argument = call.kept().get(i);
        if (ArgumentSelection.isWorth(level, call.name(), argument.index())) {
          conditions.add(NeededCalls.equal(argument.index(), argument.mask(), values.of().get(i)));
        }
      }
      all.add(conditions);
    }
    return all.isEmpty() || all.size() > MOST ? Set.of(List.of()) : all;
  }
}
