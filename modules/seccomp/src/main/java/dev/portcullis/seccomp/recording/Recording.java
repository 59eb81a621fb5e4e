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
/// @param refused the calls of either that failed by the container's own profile, and are not among
///   the others
public record Recording(
    List<RecordedRun> runs,
    List<RecordedCall> program,
    List<RecordedCall> runtime,
    List<RefusedCall> refused) {
  /// Nothing.
  public static final Recording NONE = new Recording(List.of(), List.of(), List.of());

  /// Without a call that was refused.
  public Recording(List<RecordedRun> runs, List<RecordedCall> program, List<RecordedCall> runtime) {
    this(runs, program, runtime, List.of());
  }

  public Recording {
    refused = List.copyOf(refused);
    runs = List.copyOf(runs);
    program = List.copyOf(program);
    runtime = List.copyOf(runtime);
  }

  /// The calls of all of them; counts add up.
  public static Recording merge(List<Recording> recordings) {
    LinkedHashSet<RecordedRun> runs = new LinkedHashSet<>();
    List<RecordedCall> program = new ArrayList<>();
    List<RecordedCall> runtime = new ArrayList<>();
    List<RefusedCall> refused = new ArrayList<>();
    for (Recording each : recordings) {
      refused.addAll(each.refused);
      runs.addAll(each.runs);
      program.addAll(each.program);
      runtime.addAll(each.runtime);
    }
    return new Recording(List.copyOf(runs), sum(program), sum(runtime), sumRefused(refused));
  }

  /// One of each call and errno.
  private static List<RefusedCall> sumRefused(List<RefusedCall> calls) {
    Map<Integer, List<RecordedCall>> byErrno = new TreeMap<>();
    for (RefusedCall call : calls) {
      byErrno.computeIfAbsent(call.errno(), _ -> new ArrayList<>()).add(call.call());
    }
    List<RefusedCall> all = new ArrayList<>();
    byErrno.forEach((errno, of) -> sum(of).forEach(call -> all.add(new RefusedCall(call, errno))));
    return all;
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
