package dev.portcullis.run.recording;

import dev.portcullis.kernel.notification.CallObserver;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.recording.ArgumentSelection;
import dev.portcullis.seccomp.recording.CallTally;
import dev.portcullis.seccomp.recording.KeptProfile;
import dev.portcullis.seccomp.recording.RecordedRun;
import dev.portcullis.seccomp.recording.Recording;
import dev.portcullis.seccomp.recording.RefusedCall;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Records one container: its first process, and whatever is executed in it.
final class ContainerRecorder {
  /// By which an OCI runtime becomes the program.
  private static final Set<String> EXECUTION = Set.of("execve", "execveat");

  private final RecordedRun run;
  private final Architecture machine;
  private final SyscallTable table;
  private final @Nullable KeptProfile kept;

  private final List<Recording> parts = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Map<String, Integer> interrupted = new TreeMap<>();
  private int open;

  /// @param kept what refuses calls meanwhile; null for nothing
  ContainerRecorder(
      RecordedRun run, Architecture machine, SyscallTable table, @Nullable KeptProfile kept) {
    this.kept = kept;
    this.run = run;
    this.machine = machine;
    this.table = table;
  }

  /// For one more process of the runtime that becomes a program of the container.
  synchronized CallObserver observer() {
    open++;
    return new ProcessObserver();
  }

  private synchronized void add(Recording part, String failure) {
    open--;
    parts.add(part);
    if (!failure.isEmpty()) {
      failures.add(failure);
    }
  }

  /// What was recorded of all that has ended.
  synchronized Recording recording() {
    return Recording.merge(
        List.of(new Recording(List.of(run), List.of(), List.of()), Recording.merge(parts)));
  }

  /// Why something of it was not recorded.
  synchronized List<String> failures() {
    List<String> all = new ArrayList<>(failures);
    if (open > 0) {
      all.add("a process of it has not ended: its calls are missing");
    }
    return all;
  }

  /// How many calls a signal interrupted while they were asked about, by name; under an empty name
  /// those that were not received yet.
  synchronized Map<String, Integer> interrupted() {
    return Map.copyOf(interrupted);
  }

  private synchronized void countInterrupted(String name) {
    interrupted.merge(name, 1, Integer::sum);
  }

  /// The process that a listener was handed over for, and its descendants.
  private final class ProcessObserver implements CallObserver {
    private final CallTally runtime = new CallTally(machine, table);
    private final CallTally program = new CallTally(machine, table);
    private final Map<Integer, CallTally> refused = new TreeMap<>();
    private final BitSet threads = new BitSet();
    private final long[] plainClone = new long[6];
    private boolean executed;

    @Override
    public int pointer(int architecture, int number) {
      return ArgumentSelection.isInMemory(program.name(architecture, number)) ? 0 : NONE;
    }

    @Override
    public int errno(int architecture, int number, long[] arguments) {
      return kept == null ? NONE : kept.errno(architecture, number, arguments);
    }

    @Override
    public void refused(int architecture, int number, long[] arguments, int errno) {
      refused
          .computeIfAbsent(errno, _ -> new CallTally(machine, table))
          .count(architecture, number, arguments);
    }

    @Override
    public void seen(int thread, int architecture, int number, long[] arguments) {
      if (executed) {
        child(thread, architecture);
      } else if (EXECUTION.contains(program.name(architecture, number))) {
        executed = true;
        threads.set(thread);
      }
      (executed ? program : runtime).count(architecture, number, arguments);
    }

    /// What interrupts the runtime is not the program's.
    @Override
    public void interrupted(int architecture, int number) {
      if (executed) {
        countInterrupted(number == NONE ? "" : program.name(architecture, number));
      }
    }

    /// The supervisor is not asked about the call that makes a process or a thread, unless it makes
    /// a namespace: a thread that calls for the first time is counted as one that was made by
    /// clone.
    private void child(int thread, int architecture) {
      if (!threads.get(thread)) {
        threads.set(thread);
        int number = program.number(architecture, "clone");
        if (number >= 0) {
          program.count(architecture, number, plainClone);
        }
      }
    }

    @Override
    public void ended(String failure) {
      List<RefusedCall> without = new ArrayList<>();
      refused.forEach((errno, calls) ->
          calls.calls().forEach(call -> without.add(new RefusedCall(call, errno))));
      add(new Recording(List.of(), program.calls(), runtime.calls(), without), failure);
    }
  }
}
