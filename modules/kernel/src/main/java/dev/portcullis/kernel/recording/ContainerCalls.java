package dev.portcullis.kernel.recording;

import dev.portcullis.kernel.process.ContainerGroup;
import dev.portcullis.kernel.process.ProcessTree;
import dev.portcullis.kernel.recording.ContainerThreads.Place;
import dev.portcullis.kernel.trace.CallInProgress;
import dev.portcullis.kernel.trace.TraceEvent;
import dev.portcullis.kernel.trace.TraceEvent.CallEntry;
import dev.portcullis.kernel.trace.TraceEvent.CallExit;
import dev.portcullis.kernel.trace.TraceEvent.EventLoss;
import dev.portcullis.kernel.trace.TraceEvent.NativeCall;
import dev.portcullis.kernel.trace.TraceEvent.ProgramStart;
import dev.portcullis.kernel.trace.TraceEvent.ThreadBirth;
import dev.portcullis.kernel.trace.TraceInstance;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.recording.RecordedCall;
import dev.portcullis.seccomp.recording.RefusedCall;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Records the calls of one container by a trace of its own, without a change of its processes or
/// its filter.
///
/// This determines whose the events are; {@link CallEvidence} determines what they prove. For one
/// thread.
public final class ContainerCalls implements AutoCloseable {
  /// KiB for all processors of one container: after the first seconds there are few events.
  private static final int BUFFERS = 4096;

  private static final Duration USUAL = Duration.ofMillis(100);
  private static final Duration SOON = Duration.ofMillis(4);

  private final TraceInstance trace;
  private final CallEvidence evidence;
  private final ContainerThreads threads = new ContainerThreads();
  private final SiblingThreads siblings;

  /// Who may be in a call that began unseen.
  private final Map<Integer, Unsure> unsure = new HashMap<>();

  /// A thread that was found while it ran.
  ///
  /// @param waiting the call that it was in according to /proc, of whatever architecture; null
  ///   where it was in none
  private record Unsure(@Nullable CallEntry waiting) {}

  private ContainerCalls(Architecture machine, SyscallTable names) throws IOException {
    evidence = new CallEvidence(machine, names);
    trace = TraceInstance.createNative(BUFFERS);
    siblings = new SiblingThreads(trace, threads);
    try {
      // Without anybody it would follow all. The JVM's first thread waits for its end, and starts
      // nothing.
      long self = ProcessHandle.current().pid();
      threads.put((int) self, Place.OUTSIDE);
      trace.follow(List.of(self));
      evidence.limit(trace);
      trace.begin();
    } catch (IOException | RuntimeException failed) {
      try (trace) {
        throw failed;
      }
    }
  }

  /// Begins before the container is made: its first call, too, is recorded.
  ///
  /// @param makers the processes that will make it, and what is executed in it
  /// @throws IOException where tracefs cannot be had; with what to do
  public static ContainerCalls ofNext(
      Architecture machine, SyscallTable names, Collection<Long> makers) throws IOException {
    ContainerCalls calls = new ContainerCalls(machine, names);
    try {
      // A runtime makes many calls that its container will not.
      calls.trace.limitToFailures();
      calls.followMakers(makers);
      return calls;
    } catch (IOException | RuntimeException failed) {
      try (calls) {
        throw failed;
      }
    }
  }

  /// Begins while the container runs.
  ///
  /// @param id as the runtime made it up: a part of the name of its control group
  /// @param pid its first process
  /// @param makers as for {@link #ofNext}
  public static ContainerCalls ofRunning(
      Architecture machine, SyscallTable names, String id, long pid, Collection<Long> makers)
      throws IOException {
    ContainerCalls calls = new ContainerCalls(machine, names);
    try {
      calls.followMakers(makers);
      calls.become(id);
      calls.followThreads(pid, id);
      return calls;
    } catch (IOException | RuntimeException failed) {
      try (calls) {
        throw failed;
      }
    }
  }

  /// The container that is recorded, once the runtime has reported its id.
  public void become(String id) {
    threads.become(id);
  }

  /// The other containers of its pod, as far as they are known: what the makers start for them is
  /// none of this one.
  ///
  /// @param others their ids
  public void know(Set<String> others) {
    threads.know(others);
  }

  /// How much was seen of other containers of the pod since they were left out, as far as the
  /// kernel can leave them out.
  public long strangeEvents() {
    return siblings.events();
  }

  /// Has the kernel leave out the other containers of the pod of which something was seen, so that
  /// what they do does not fill the buffers. Waits for some tens of milliseconds.
  public void leaveOut() throws IOException {
    siblings.leaveOut();
  }

  /// Why calls may be missing, besides {@link #lost} and {@link #omitted}; for people.
  public List<String> gaps() {
    List<String> gaps = new ArrayList<>();
    if (siblings.hasGap()) {
      gaps.add(
          "a process got the number of one of another container of the pod, which was left out: its"
              + " first calls may be missing");
    }
    if (evidence.lost() > 0 && !siblings.canLeaveOut()) {
      gaps.add(
          "this kernel cannot leave out the pod's other containers (Linux 5.7 can), and what they do"
              + " takes room, too");
    }
    return gaps;
  }

  private void followMakers(Collection<Long> makers) throws IOException {
    int _ =
        trace.followAll(
            () -> ProcessTree.threads(makers),
            Integer.MAX_VALUE,
            thread -> threads.put((int) thread, Place.OUTSIDE));
  }

  private void followThreads(long pid, String id) throws IOException {
    int _ =
        trace.followAll(
            () -> ContainerGroup.threads(pid, id),
            Integer.MAX_VALUE,
            thread -> {
              threads.put((int) thread, Place.PROGRAM);
              threads.lookAtProgram((int) thread);
              unsure.put((int) thread, new Unsure(CallInProgress.of(thread)));
            });
  }

  /// Reads what has happened since the last time.
  public void poll() throws IOException {
    siblings.check();
    threads.lookAgain().forEach(siblings::see);
    for (TraceEvent event : trace.read()) {
      switch (event) {
        case EventLoss loss -> {
          evidence.lose(loss.count());
          threads.forget();
          unsure.clear();
        }
        case ThreadBirth birth -> {
          threads.born(birth.thread(), birth.child());
          if (!threads.isSibling(birth.child())) {
            siblings.born(birth.child(), birth.nanos());
          }
        }
        case ProgramStart start -> {
          if (threads.started(start.thread(), start.file())) {
            evidence.executed();
          }
        }
        case CallEntry entry -> passed(entry);
        case CallExit exit -> absent(exit);
        case NativeCall(CallEntry entry, String name) -> made(entry, name);
        case NativeCall(CallExit exit, String name) -> ended(exit, name);
      }
    }
    evidence.compare();
    if (evidence.wantsLess()) {
      evidence.limit(trace);
    }
  }

  /// Reads what is left, before the trace is closed: what has passed and is no call of this
  /// architecture by now never will be.
  public void finish() throws IOException {
    // What is younger than a pass comes with the next.
    poll();
    poll();
    CallEvidence.Passed passed = evidence.passedSoFar();
    poll();
    evidence.finish(passed);
  }

  /// A call that seccomp let through, of whatever architecture.
  private void passed(CallEntry entry) {
    unsure.remove(entry.thread());
    if (entry.number() >= 0 && isOfProgram(entry)) {
      evidence.passed(entry.number());
    }
  }

  /// A call of this architecture that seccomp let through.
  private void made(CallEntry entry, String name) {
    unsure.remove(entry.thread());
    if (isOfProgram(entry)) {
      evidence.made(entry, name);
    }
  }

  private boolean isOfProgram(CallEntry entry) {
    Place place = threads.of(entry.thread());
    if (place == Place.SIBLING) {
      siblings.see(entry.thread());
    }
    return place == Place.PROGRAM;
  }

  /// A call of whatever architecture was answered by ENOSYS.
  private void absent(CallExit exit) {
    // To find out whose a thread is may take a look into /proc.
    if (exit.number() >= 0 && evidence.lost() == 0 && threads.of(exit.thread()) == Place.PROGRAM) {
      evidence.absent(exit.number(), !unsure.containsKey(exit.thread()));
    }
  }

  /// A call of this architecture has ended, be it made or refused.
  private void ended(CallExit exit, String name) {
    Unsure doubt = unsure.remove(exit.thread());
    if (!CallEvidence.isNumbered(exit.number()) || threads.of(exit.thread()) != Place.PROGRAM) {
      return;
    }
    if (doubt == null) {
      evidence.ended(exit, name);
    } else if (doubt.waiting() != null && isEndOf(doubt.waiting(), exit)) {
      evidence.made(doubt.waiting(), name);
    }
  }

  /// Whether a call that began unseen was made, and this is its end. It may have been one of 32
  /// bits, and this the end of another that was refused: that fails at once, or ends with the
  /// number in the place of the result.
  private static boolean isEndOf(CallEntry waiting, CallExit exit) {
    return waiting.number() == exit.number()
        && (!exit.hasFailed() || exit.isInterrupted())
        && (exit.number() == 0 || !exit.isOfASignal());
  }

  /// What its programs made.
  public List<RecordedCall> calls() {
    return evidence.calls();
  }

  /// What failed before the kernel began it, and was never let through: the container's filter
  /// refused it. Nothing is known of its arguments.
  public List<RefusedCall> refused() {
    return evidence.refused();
  }

  /// How many events the kernel had no room for, at least: any call may be among them.
  public long lost() {
    return evidence.lost();
  }

  /// How many threads had ended when it was asked whether they are the container's.
  public long omitted() {
    return threads.omitted();
  }

  /// Whether calls of another architecture than the kernel's were seen, or a program that makes no
  /// others: it is not known which, and they are missing. After {@link #finish} also those that did
  /// not end. One whose number the container had used before for a call of this architecture is not
  /// noticed; nor is any once events were lost.
  public boolean hasOtherClass() {
    return evidence.hasForeignCalls() || threads.hasOtherClass();
  }

  /// When to call {@link #poll} again.
  public Duration pause() {
    return trace.isBusy() || threads.isAwaiting() || siblings.events() > 0 ? SOON : USUAL;
  }

  @Override
  public void close() throws IOException {
    trace.close();
  }
}
