package dev.portcullis.seccomp.heal;

import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import dev.portcullis.seccomp.profile.Architecture;
import java.util.List;

/// Calls of one kind that were refused, or logged, as somebody wrote it down.
///
/// @param call the name, or the number in digits
/// @param kind what the filter did
/// @param errno what the program got; negative where that is not known, or there is none
/// @param arguments the first ones; none where they are not known
/// @param where in words; anything may stand there
/// @param workload whose pod it was, by its name, and which of its containers; empty where it is
///   not known
public record DenialRecord(
    Architecture architecture,
    String call,
    Kind kind,
    int errno,
    List<Long> arguments,
    long count,
    String where,
    String workload) {
  public DenialRecord {
    arguments = List.copyOf(arguments);
  }

  /// The same without what a filter does not look at.
  DenialRecord kindOfCall() {
    return new DenialRecord(architecture, call, kind, errno, arguments, 0, "", "");
  }

  /// Whether a filter that does this may be the one. What was logged is what another filter
  /// refuses: one that logs it, too, refuses nothing.
  boolean mayComeOf(Verdict verdict) {
    if (kind == Kind.LOG) {
      return !verdict.kind().passes();
    }
    return verdict.kind() == kind && (kind != Kind.ERRNO || errno < 0 || verdict.data() == errno);
  }

  /// What the filter did, as `EPERM`.
  String answer() {
    return kind == Kind.ERRNO && errno < 0 ? "an errno" : new Verdict(kind, errno).toString();
  }
}
