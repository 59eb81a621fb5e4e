package dev.portcullis.seccomp.recording;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.profile.SyscallName;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The profile that a recorded one begins with.
///
/// @param filters that libseccomp makes of it
record BaseProfile(ResolvedProfile profile, Filters filters) {

  /// The calls that it may not let through as they were made. Those about which the recording has
  /// too little to decide are among them.
  List<RecordedCall> refused(List<RecordedCall> calls) {
    return calls.stream().flatMap(this::refused).toList();
  }

  private Stream<RecordedCall> refused(RecordedCall call) {
    if (call.name().isEmpty() || !call.isComplete() || !isDecidable(call)) {
      return Stream.of(call);
    }
    List<RecordedCall.Values> left = new ArrayList<>();
    for (RecordedCall.Values values : call.values()) {
      if (filters.run(call.with(values.of())).kind() != Kind.ALLOW) {
        left.add(values);
      }
    }
    return left.isEmpty()
        ? Stream.of()
        : Stream.of(
            new RecordedCall(
                call.architecture(),
                call.number(),
                call.name(),
                call.count(),
                call.kept(),
                left,
                call.otherCount()));
  }

  /// Whether the recording has all that the rules of the call look at.
  private boolean isDecidable(RecordedCall call) {
    return profile.rules().stream()
        .filter(rule -> rule.names().stream().map(SyscallName::name).anyMatch(call.name()::equals))
        .allMatch(rule -> ProfileCoverage.isDecidable(call, rule.arguments()));
  }
}
