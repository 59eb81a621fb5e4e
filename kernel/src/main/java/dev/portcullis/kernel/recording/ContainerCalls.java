package dev.portcullis.kernel.recording;

import static dev.portcullis.kernel.libc.ErrorNumbers.ENOSYS;

import dev.portcullis.kernel.denial.ContainerGroup;
import dev.portcullis.kernel.denial.DenialWatch;
import dev.portcullis.kernel.denial.ProcessTree;
import dev.portcullis.kernel.recording.ContainerThreads.Place;
import dev.portcullis.kernel.trace.NumberRanges;
import dev.portcullis.kernel.trace.TraceEvent;
import dev.portcullis.kernel.trace.TraceEvent.CallEntry;
import dev.portcullis.kernel.trace.TraceEvent.CallExit;
import dev.portcullis.kernel.trace.TraceEvent.EventLoss;
import dev.portcullis.kernel.trace.TraceEvent.NativeCall;
import dev.portcullis.kernel.trace.TraceEvent.ProgramStart;
import dev.portcullis.kernel.trace.TraceEvent.ThreadBirth;
import dev.portcullis.kernel.trace.TraceInstance;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.recording.ArgumentSelection;
import dev.portcullis.seccomp.recording.CallTally;
import dev.portcullis.seccomp.recording.RecordedCall;
import dev.portcullis.seccomp.recording.RefusedCall;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Records the calls of one container by a trace of its own, without a change of its processes or
/// its filter.
///
/// The kernel traces the beginning of a call after seccomp let it pass, and the end of each. So
/// what has a beginning was made, and what fails without one was refused. A call without arguments
/// that matter is traced until it was seen once: a count of it is a lower bound.
///
/// A number alone does not say which call it is: on x86_64 a program of 64 bits can make calls of
/// 32 by `int 0x80`. So what counts is the event of the one call, which only calls of the kernel's
/// own architecture have. What the kernel lets through and has no such event is of another one, or
/// the kernel has no such call. For one thread.
public final class ContainerCalls implements AutoCloseable {
  /// KiB for all processors of one container: after the first seconds there are few events.
  private static final int BUFFERS = 4096;

  /// System calls are numbered up to 470 in 2026. Those from here on are always traced.
  private static final int NUMBERS = 1024;

  /// Different errnos of refused calls that are told apart: a filter has one or two.
  private static final int MOST_ERRNOS = 16;

  /// Numbers beyond those of calls that are kept apart.
  private static final int MOST_BEYOND = 64;

  private static final int ARGUMENTS = 6;

  /// In which a thread comes from one function of the kernel to the next, however busy the machine
  /// is.
  private static final long LONGEST_STEP = 5_000_000_000L;

  private static final Duration USUAL = Duration.ofMillis(100);
  private static final Duration SOON = Duration.ofMillis(4);

  private final Architecture machine;
  private final TraceInstance trace;
  private final CallTally program;
  private final Map<Integer, CallTally> refused = new TreeMap<>();
  private final SyscallTable names;
  private final ContainerThreads threads = new ContainerThreads();
  private final SiblingThreads siblings;
  private final BitSet argued = new BitSet(NUMBERS);
  private final BitSet seen = new BitSet(NUMBERS);
  private final BitSet seenRefused = new BitSet(NUMBERS);

  /// Numbers that were let through, of whatever architecture, and not answered by ENOSYS since.
  private final BitSet begun = new BitSet(NUMBERS);

  /// Those of some time ago, and when that was.
  private BitSet begunBefore = new BitSet(NUMBERS);

  private long compared = System.nanoTime();

  private final Set<Long> begunBeyond = new HashSet<>();

  /// Who may be in a call that began unseen.
  private final Map<Integer, Unsure> unsure = new HashMap<>();

  /// The kernel's names of calls whose events are not wanted any more.
  private final List<String> endedEntries = new ArrayList<>();

  private final List<String> endedExits = new ArrayList<>();

  /// Those of calls that were made.
  private final Set<String> known = new HashSet<>();

  private final long[] arguments = new long[ARGUMENTS];
  private boolean changed;
  private boolean hasForeignCalls;
  private long lost;

  /// A thread that was found while it ran.
  ///
  /// @param waiting the call that it was in by what /proc says, of whatever architecture; null
  ///   where it was in none
  private record Unsure(@Nullable CallEntry waiting) {}

  private ContainerCalls(Architecture machine, SyscallTable names) throws IOException {
    DenialWatch.requireFirstPidNamespace();
    this.machine = machine;
    this.names = names;
    program = new CallTally(machine, names);
    names
        .of(machine)
        .forEach((number, name) -> {
          if (number >= 0
              && number < NUMBERS
              && !ArgumentSelection.isInMemory(name)
              && !ArgumentSelection.of(name, machine).isEmpty()) {
            argued.set(number);
          }
        });
    trace = TraceInstance.createNative(BUFFERS);
    siblings = new SiblingThreads(trace, threads);
    try {
      // Without anybody it would follow all. The JVM's first thread waits for its end, and starts
      // nothing.
      long self = ProcessHandle.current().pid();
      threads.put((int) self, Place.OUTSIDE);
      trace.follow(List.of(self));
      limit();
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

  /// The container that is recorded, once the runtime has told its id.
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
    if (lost > 0 && !siblings.canLeaveOut()) {
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
              unsure.put((int) thread, new Unsure(waiting(thread)));
            });
  }

  /// The call that a thread is in (proc(5), `syscall`). It was made, too, if it ends as one of this
  /// architecture.
  private static @Nullable CallEntry waiting(long thread) {
    try {
      String[] words =
          Files.readString(Path.of("/proc/" + thread + "/syscall")).strip().split(" ", -1);
      if (words.length > ARGUMENTS) {
        long number = Long.parseLong(words[0]);
        return new CallEntry(
            0,
            (int) thread,
            number,
            unsigned(words[1]),
            unsigned(words[2]),
            unsigned(words[3]),
            unsigned(words[4]),
            unsigned(words[5]),
            unsigned(words[6]));
      }
      return null;
    } catch (IOException | NumberFormatException endedOrRunning) {
      // A running one is seen when it makes its next call.
      return null;
    }
  }

  private static long unsigned(String hexadecimal) {
    return Long.parseUnsignedLong(hexadecimal.substring(2), 16);
  }

  /// Reads what has happened since the last time.
  public void poll() throws IOException {
    siblings.check();
    threads.lookAgain().forEach(siblings::see);
    for (TraceEvent event : trace.read()) {
      switch (event) {
        case EventLoss loss -> {
          lost += loss.count();
          threads.forget();
          unsure.clear();
        }
        case ThreadBirth birth -> {
          threads.born(birth.thread(), birth.child());
          siblings.born(birth.child());
        }
        case ProgramStart start -> {
          if (threads.started(start.thread(), start.file())) {
            // It began as the runtime's.
            count(program.number(machine.token(), "execve"), 0, 0, 0);
          }
        }
        case CallEntry entry -> passed(entry);
        case CallExit exit -> absent(exit);
        case NativeCall(CallEntry entry, String name) -> made(entry, name);
        case NativeCall(CallExit exit, String name) -> ended(exit, name);
      }
    }
    if (System.nanoTime() - compared > LONGEST_STEP) {
      accuse(begunBefore);
      begunBefore = (BitSet) begun.clone();
      compared = System.nanoTime();
    }
    if (changed) {
      limit();
    }
  }

  /// What was let through, and has not become a call of this architecture since, is one of another.
  private void accuse(BitSet passed) {
    passed.and(begun);
    passed.andNot(seen);
    hasForeignCalls |= lost == 0 && !passed.isEmpty();
  }

  /// Reads what is left, before the trace is closed: what has passed and is no call of this
  /// architecture by now never will be.
  public void finish() throws IOException {
    // What is younger than a pass comes with the next.
    poll();
    poll();
    BitSet passed = (BitSet) begun.clone();
    boolean isLeftBeyond = !begunBeyond.isEmpty();
    poll();
    accuse(passed);
    hasForeignCalls |= lost == 0 && isLeftBeyond;
  }

  /// A call that seccomp let through, of whatever architecture.
  private void passed(CallEntry entry) {
    unsure.remove(entry.thread());
    long number = entry.number();
    if (number < 0 || !isOfProgram(entry)) {
      return;
    }
    if (number >= NUMBERS) {
      if (begunBeyond.size() < MOST_BEYOND) {
        begunBeyond.add(number);
      }
    } else if (!seen.get((int) number)) {
      begun.set((int) number);
    }
  }

  /// A call of this architecture that seccomp let through.
  private void made(CallEntry entry, String name) {
    unsure.remove(entry.thread());
    if (isOfProgram(entry)) {
      count(entry, name);
    }
  }

  private boolean isOfProgram(CallEntry entry) {
    Place place = threads.of(entry.thread());
    if (place == Place.SIBLING) {
      siblings.see(entry.thread());
    }
    return place == Place.PROGRAM;
  }

  private void count(CallEntry entry, String name) {
    count(entry.number(), entry.first(), entry.second(), entry.third());
    if (known.add(name)) {
      endedExits.add(name);
      if (!argued.get((int) entry.number())) {
        endedEntries.add(name);
      }
      changed = true;
    }
  }

  /// A call of whatever architecture was answered by ENOSYS: the kernel has none of this number, or
  /// a filter says so. Programs go on by that.
  private void absent(CallExit exit) {
    int thread = exit.thread();
    long number = exit.number();
    if (number < 0 || lost > 0 || threads.of(thread) != Place.PROGRAM) {
      return;
    }
    if (number >= NUMBERS) {
      begunBeyond.remove(number);
    } else if (!seen.get((int) number)) {
      begun.clear((int) number);
      if (!unsure.containsKey(thread)) {
        refuse((int) number, ENOSYS);
      }
    }
  }

  /// A call of this architecture has ended, be it made or refused.
  private void ended(CallExit exit, String name) {
    int thread = exit.thread();
    Unsure doubt = unsure.remove(thread);
    long number = exit.number();
    if (number < 0 || number >= NUMBERS || threads.of(thread) != Place.PROGRAM) {
      return;
    }
    if (doubt != null) {
      // It may have been in one of 32 bits, and this one may be refused: that fails at once, or
      // ends
      // with the number in the place of the result.
      CallEntry waiting = doubt.waiting();
      if (waiting != null
          && waiting.number() == number
          && (!exit.hasFailed() || exit.isInterrupted())
          && (number == 0 || !exit.isOfASignal())) {
        count(waiting, name);
      }
      return;
    }
    // A call that is known is not traced any more, and may have begun when it still was not.
    if (lost == 0
        && exit.hasFailed()
        && !exit.isOfASignal()
        && !seen.get((int) number)
        && !begun.get((int) number)) {
      refuse((int) number, (int) -exit.result());
      endedExits.add(name);
      changed = true;
    }
  }

  private void refuse(int number, int errno) {
    if (!seenRefused.get(number) && (refused.size() < MOST_ERRNOS || refused.containsKey(errno))) {
      seenRefused.set(number);
      changed = true;
      refused
          .computeIfAbsent(errno, _ -> new CallTally(machine, names))
          .count(machine.token(), number, new long[ARGUMENTS]);
    }
  }

  private void count(long number, long first, long second, long third) {
    if (number < 0 || number > Integer.MAX_VALUE) {
      return;
    }
    boolean isInMemory = ArgumentSelection.isInMemory(program.name(machine.token(), (int) number));
    arguments[0] = isInMemory ? ArgumentSelection.UNREADABLE : first;
    arguments[1] = second;
    arguments[2] = third;
    program.count(machine.token(), (int) number, arguments);
    if (number < NUMBERS && !seen.get((int) number)) {
      seen.set((int) number);
      changed = true;
    }
  }

  /// From now on, of calls that are known only those whose arguments matter.
  private void limit() throws IOException {
    changed = false;
    // Before the events by which they are known to be of this architecture: what is let through
    // after these would look as if it were of another.
    trace.limit(
        NumberRanges.of(number -> !seen.get(number), NUMBERS),
        NumberRanges.of(number -> !seen.get(number), NUMBERS),
        ENOSYS);
    for (String call : endedEntries) {
      trace.endEntries(call);
    }
    for (String call : endedExits) {
      trace.endExits(call);
    }
    endedEntries.clear();
    endedExits.clear();
  }

  /// What its programs made.
  public List<RecordedCall> calls() {
    return program.calls();
  }

  /// What failed before the kernel began it, and was never let through: the container's filter
  /// refused it. Nothing is known of its arguments.
  public List<RefusedCall> refused() {
    List<RefusedCall> all = new ArrayList<>();
    refused.forEach((errno, tally) ->
        tally
            .calls()
            .forEach(call -> {
              if (!seen.get(call.number())) {
                all.add(
                    new RefusedCall(
                        new RecordedCall(
                            call.architecture(),
                            call.number(),
                            call.name(),
                            call.count(),
                            List.of(),
                            List.of(),
                            0),
                        errno));
              }
            }));
    return all;
  }

  /// How many events the kernel had no room for, at least: any call may be among them.
  public long lost() {
    return lost;
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
    return hasForeignCalls || threads.hasOtherClass();
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
