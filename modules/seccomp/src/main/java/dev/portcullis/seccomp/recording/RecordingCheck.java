package dev.portcullis.seccomp.recording;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import java.util.ArrayList;
import java.util.List;

/// Whether a filter lets the calls of a recording through, by running it.
public final class RecordingCheck {
  private RecordingCheck() {}

  /// The calls that it does not; none of them where the filter is right. Calls without a name, and
  /// values in memory, are left out.
  public static List<String> refused(Recording recording, Filters filters) {
    List<String> refused = new ArrayList<>();
    for (RecordedCall call : recording.program()) {
      if (call.name().isEmpty() || ArgumentSelection.isInMemory(call.name())) {
        continue;
      }
      List<List<Long>> values =
          call.values().isEmpty()
              ? List.of(List.of())
              : call.values().stream().map(RecordedCall.Values::of).toList();
      for (List<Long> each : values) {
        if (filters.run(call.with(each)).kind() != Kind.ALLOW) {
          refused.add(call.name() + each.stream().map(it -> "0x" + Long.toHexString(it)).toList());
        }
      }
    }
    return refused;
  }
}
