package dev.portcullis.seccomp.recording;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.profile.Architecture;
import java.util.List;

/// One system call of a recording.
///
/// @param number as a filter sees it
/// @param name that libseccomp has for it on this architecture; empty where it has none
/// @param count how often it was made
/// @param kept the arguments whose values were kept; none of most calls
/// @param values that the kept arguments had together, each once
/// @param otherCount how often they had values that were too many to keep
public record RecordedCall(
    Architecture architecture,
    int number,
    String name,
    long count,
    List<KeptArgument> kept,
    List<Values> values,
    long otherCount) {
  /// How many different values a recording keeps of one call.
  public static final int MOST_VALUES = 64;

  public RecordedCall {
    kept = List.copyOf(kept);
    values = List.copyOf(values);
  }

  /// The values of the kept arguments in one or more calls.
  ///
  /// @param of in the order of the kept arguments, each under its mask; unsigned
  /// @param count how often
  public record Values(List<Long> of, long count) {
    public Values {
      of = List.copyOf(of);
    }
  }

  /// Whether the values of all calls are known.
  public boolean isComplete() {
    return !kept.isEmpty() && otherCount == 0;
  }

  /// A call with these values of the arguments that are kept, and 0 for all others.
  public Call with(List<Long> some) {
    long[] arguments = new long[Call.ARGUMENTS];
    for (int i = 0; i < some.size(); i++) {
      arguments[kept.get(i).index()] = some.get(i);
    }
    return Call.of(architecture.token(), number, arguments);
  }
}
