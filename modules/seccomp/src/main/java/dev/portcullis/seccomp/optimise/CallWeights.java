package dev.portcullis.seccomp.optimise;

import dev.portcullis.seccomp.bpf.Call;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.recording.RecordedCall;
import dev.portcullis.seccomp.recording.Recording;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.List;

/// Which calls are made, and how often.
public record CallWeights(List<Weighted> calls) {
  public CallWeights {
    calls = List.copyOf(calls);
  }

  /// A call that stands for others.
  public record Weighted(Call call, long count) {}

  /// Each call that has a name once, with arguments 0.
  public static CallWeights alike(Architecture machine, SyscallTable table) {
    return new CallWeights(
        table.of(machine).keySet().stream()
            .map(number -> new Weighted(Call.of(machine.token(), number), 1))
            .toList());
  }

  /// Those of a recording, with the arguments that it has kept; others are 0.
  public static CallWeights of(Recording recording) {
    List<Weighted> all = new ArrayList<>();
    for (RecordedCall call : recording.program()) {
      long left = call.count();
      for (RecordedCall.Values values : call.values()) {
        all.add(new Weighted(call.with(values.of()), values.count()));
        left -= values.count();
      }
      if (left > 0) {
        all.add(new Weighted(call.with(List.of()), left));
      }
    }
    return new CallWeights(all);
  }

  /// How many calls they are.
  public long sum() {
    return calls.stream().mapToLong(Weighted::count).sum();
  }
}
