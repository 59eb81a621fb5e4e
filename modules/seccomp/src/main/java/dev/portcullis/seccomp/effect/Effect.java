package dev.portcullis.seccomp.effect;

import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.meaning.CallCondition;
import java.util.List;

/// What happens to calls.
///
/// @param names in alphabetical order
/// @param others numbers without a name, as `471-1073741823`; empty where there are none
/// @param condition for which arguments
public record Effect(Verdict verdict, List<String> names, String others, CallCondition condition) {
  public Effect {
    names = List.copyOf(names);
  }
}
