package dev.portcullis.seccomp.recording;

import dev.portcullis.seccomp.profile.Architecture;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What was seen of the system calls of one container, or of several that do the same.
///
/// @param runs whose calls they are
/// @param program the calls of the container's programs, by architecture and number
/// @param runtime the calls that the OCI runtime made under the filter of the container, before it
///   executed the program
public record Recording(
    List<RecordedRun> runs, List<RecordedCall> program, List<RecordedCall> runtime) {
  /// Nothing.
  public static final Recording NONE = new Recording(List.of(), List.of(), List.of());

  public Recording {
    runs = List.copyOf(runs);
    program = List.copyOf(program);
    runtime = List.copyOf(runtime);
  }

  /// The calls of all of them; counts add up.
  public static Recording merge(List<Recording> recordings) {
    LinkedHashSet<RecordedRun> runs = new LinkedHashSet<>();
    List<RecordedCall> program = new ArrayList<>();
    List<RecordedCall> runtime = new ArrayList<>();
    for (Recording each : recordings) {
      runs.addAll(each.runs);
      program.addAll(each.program);
      runtime.addAll(each.runtime);
    }
    return new Recording(List.copyOf(runs), sum(program), sum(runtime));
  }

  private record Key(Architecture architecture, int number) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int order = architecture.compareTo(other.architecture);
      return order != 0 ? order : Integer.compareUnsigned(number, other.number);
    }
  }

  /// One of each call, in the order of architectures and numbers.
  static List<RecordedCall> sum(List<RecordedCall> calls) {
    Map<Key, List<RecordedCall>> byCall = new TreeMap<>();
    for (RecordedCall call : calls) {
      byCall
          .computeIfAbsent(new Key(call.architecture(), call.number()), _ -> new ArrayList<>())
          .add(call);
    }
    return byCall.values().stream().map(CallSum::of).toList();
  }
}
