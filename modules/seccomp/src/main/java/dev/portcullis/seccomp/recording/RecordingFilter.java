package dev.portcullis.seccomp.recording;

import dev.portcullis.documents.Position;
import dev.portcullis.seccomp.profile.Action;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.profile.Errno;
import dev.portcullis.seccomp.profile.Flag;
import dev.portcullis.seccomp.profile.Listener;
import dev.portcullis.seccomp.profile.Outcome;
import dev.portcullis.seccomp.resolve.ResolvedProfile;
import dev.portcullis.seccomp.resolve.ResolvedRule;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The profile under which a container is recorded: it asks about every call that has a name, but
/// for those without which an OCI runtime can neither hand the listener over nor fail, and those
/// that make processes and threads.
public final class RecordingFilter {
  /// linux/seccomp.h, since Linux 5.19: a call that was received is interrupted by signals that
  /// kill alone.
  private static final String KILLABLE = "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV";

  private static final String CLONE = "clone";

  private RecordingFilter() {}

  /// Makes it, for a machine and what else its kernel may run.
  ///
  /// @param killable whether the OCI runtime knows the flag that keeps signals from interrupting
  ///   calls: crun does, runc refuses it
  /// @param kept what holds meanwhile; null for nothing
  public static ResolvedProfile of(
      Architecture machine,
      SyscallTable table,
      Listener listener,
      boolean killable,
      @Nullable KeptProfile kept) {
    List<Architecture> architectures = new ArrayList<>();
    if (kept == null) {
      architectures.add(machine);
      architectures.addAll(machine.companions());
    } else {
      architectures.addAll(kept.architectures());
    }
    Set<String> names = new TreeSet<>();
    architectures.forEach(each -> names.addAll(table.of(each).values()));
    List<String> unasked = new ArrayList<>();
    for (String group : List.of(NeededCalls.UNASKED, NeededCalls.CHILDREN)) {
      NeededCalls.of(group).forEach(call -> unasked.add(call.name()));
    }
    unasked.removeIf(name -> kept != null && kept.mayRefuse(name));
    unasked.forEach(names::remove);
    List<ResolvedRule> rules = new ArrayList<>();
    rules.add(RecordedProfile.rule(unasked, outcome(Action.ALLOW), List.of()));
    if ((kept == null || kept.letsPlainClone())
        && !ArgumentSelection.of(CLONE, machine).isEmpty()
        && names.remove(CLONE)) {
      rules.addAll(cloneRules());
    }
    if (!names.isEmpty()) {
      rules.add(RecordedProfile.rule(List.copyOf(names), outcome(Action.NOTIFY), List.of()));
    }
    return new ResolvedProfile(
        new Outcome(Position.NONE, Action.ERRNO, Errno.ENOSYS),
        architectures,
        killable ? List.of(new Flag(Position.NONE, KILLABLE)) : List.of(),
        listener,
        rules);
  }

  /// Asked about where it makes a namespace, and only there.
  private static List<ResolvedRule> cloneRules() {
    List<ResolvedRule> rules = new ArrayList<>();
    rules.add(
        RecordedProfile.rule(
            List.of(CLONE),
            outcome(Action.ALLOW),
            List.of(NeededCalls.equal(0, ArgumentSelection.NAMESPACES, 0))));
    for (long bit = 1; bit <= ArgumentSelection.NAMESPACES; bit <<= 1) {
      if ((ArgumentSelection.NAMESPACES & bit) != 0) {
        rules.add(
            RecordedProfile.rule(
                List.of(CLONE), outcome(Action.NOTIFY), List.of(NeededCalls.equal(0, bit, bit))));
      }
    }
    return rules;
  }

  private static Outcome outcome(Action action) {
    return new Outcome(Position.NONE, action, null);
  }
}
