package dev.portcullis.seccomp.compare;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.meaning.CallCondition;
import java.util.List;

/// Calls with which two filters do different things.
///
/// @param direction what it means for the first
/// @param where the architectures, as `x86_64`, or `other architectures`
/// @param names of the calls, as far as they have any, in alphabetical order
/// @param others numbers without a name, as `471-1073741823`; empty where there are none
/// @param condition for which arguments
/// @param first what the first filter does
/// @param second what the second does
/// @param witness one of the calls, of the first name where there are names, run through both
///   programs to see that it is so
public record Difference(
    Direction direction,
    List<String> where,
    List<String> names,
    String others,
    CallCondition condition,
    Verdict first,
    Verdict second,
    Call witness) {
  public Difference {
    where = List.copyOf(where);
    names = List.copyOf(names);
  }
}
