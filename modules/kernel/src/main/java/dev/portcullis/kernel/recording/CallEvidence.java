package dev.portcullis.kernel.recording;

import static dev.portcullis.kernel.libc.ErrorNumbers.ENOSYS;

import dev.portcullis.kernel.trace.NumberRanges;
import dev.portcullis.kernel.trace.TraceEvent.CallEntry;
import dev.portcullis.kernel.trace.TraceEvent.CallExit;
import dev.portcullis.kernel.trace.TraceInstance;
import dev.portcullis.seccomp.profile.Architecture;
import dev.portcullis.seccomp.recording.ArgumentSelection;
import dev.portcullis.seccomp.recording.CallTally;
import dev.portcullis.seccomp.recording.RecordedCall;
import dev.portcullis.seccomp.recording.RefusedCall;
import dev.portcullis.seccomp.syscall.SyscallTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What the traced calls of one container's program prove: which calls it made, which were refused,
/// and whether it makes calls of another architecture than the kernel's.
///
/// The kernel traces the beginning of a call after seccomp let it pass, and the end of each. So
/// what has a beginning was made, and what fails without one was refused. A call without arguments
/// that matter is traced until it was seen once: a count of it is a lower bound.
///
/// A number alone does not say which call it is: on x86_64 a program of 64 bits can make calls of
/// 32 by `int 0x80`. So what counts is the event of the one call, which only calls of the kernel's
/// own architecture have. What the kernel lets through and has no such event is of another one, or
/// the kernel has no such call.
final class CallEvidence {
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

  private final Architecture machine;
  private final SyscallTable names;
  private final CallTally program;
  private final Map<Integer, CallTally> refused = new TreeMap<>();
  private final BitSet argued = new BitSet(NUMBERS);
  private final BitSet seen = new BitSet(NUMBERS);
  private final BitSet seenRefused = new BitSet(NUMBERS);

  /// Numbers that were let through, of whatever architecture, and not answered by ENOSYS since.
  private final BitSet begun = new BitSet(NUMBERS);

  /// Those of some time ago, and when that was.
  private BitSet begunBefore = new BitSet(NUMBERS);

  private long compared = System.nanoTime();

  private final Set<Long> begunBeyond = new HashSet<>();

  /// The kernel's names of calls whose events are not wanted any more.
  private final List<String> endedEntries = new ArrayList<>();

  private final List<String> endedExits = new ArrayList<>();

  /// Those of calls that were made.
  private final Set<String> known = new HashSet<>();

  private final long[] arguments = new long[ARGUMENTS];
  private boolean changed;
  private boolean hasForeignCalls;
  private long lost;

  CallEvidence(Architecture machine, SyscallTable names) {
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
  }

  /// Whether a number is one that calls may have.
  static boolean isNumbered(long number) {
    return number >= 0 && number < NUMBERS;
  }

  /// The kernel had no room for so many events.
  void lose(long events) {
    lost += events;
  }

  /// How many events the kernel had no room for, at least: any call may be among them.
  long lost() {
    return lost;
  }

  /// A program was executed by a thread that was the runtime's when it made that call.
  void executed() {
    count(program.number(machine.token(), "execve"), 0, 0, 0);
  }

  /// Seccomp let a call through, of whatever architecture.
  ///
  /// @param number not negative
  void passed(long number) {
    if (number >= NUMBERS) {
      if (begunBeyond.size() < MOST_BEYOND) {
        begunBeyond.add(number);
      }
    } else if (!seen.get((int) number)) {
      begun.set((int) number);
    }
  }

  /// A call of the kernel's architecture was let through.
  ///
  /// @param name what the kernel calls it
  void made(CallEntry entry, String name) {
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
  /// a filter answers so. Programs act on that answer.
  ///
  /// @param number not negative
  /// @param isSure whether its beginning would have been seen; nothing was lost
  void absent(long number, boolean isSure) {
    if (number >= NUMBERS) {
      begunBeyond.remove(number);
    } else if (!seen.get((int) number)) {
      begun.clear((int) number);
      if (isSure) {
        refuse((int) number, ENOSYS);
      }
    }
  }

  /// A call of the kernel's architecture has ended, whose beginning would have been seen.
  ///
  /// @param exit with a number that calls may have ({@link #isNumbered})
  void ended(CallExit exit, String name) {
    long number = exit.number();
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

  /// To be called between two passes over the events. What was let through, and has not become a
  /// call of the kernel's architecture after long enough, is one of another.
  void compare() {
    if (System.nanoTime() - compared > LONGEST_STEP) {
      accuse(begunBefore);
      begunBefore = (BitSet) begun.clone();
      compared = System.nanoTime();
    }
  }

  /// What was let through until now.
  Passed passedSoFar() {
    return new Passed((BitSet) begun.clone(), !begunBeyond.isEmpty());
  }

  /// Numbers of calls that were let through.
  ///
  /// @param hasMore whether there were any beyond those of calls
  record Passed(BitSet numbers, boolean hasMore) {}

  /// No more events are to come: what had passed and is no call of the kernel's architecture by now
  /// never will be.
  void finish(Passed passed) {
    accuse(passed.numbers());
    hasForeignCalls |= lost == 0 && passed.hasMore();
  }

  private void accuse(BitSet passed) {
    passed.and(begun);
    passed.andNot(seen);
    hasForeignCalls |= lost == 0 && !passed.isEmpty();
  }

  /// Whether the trace follows more than is still wanted.
  boolean wantsLess() {
    return changed;
  }

  /// From now on, of calls that are known only those whose arguments matter are traced.
  void limit(TraceInstance trace) throws IOException {
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

  /// Whether calls of another architecture than the kernel's were seen.
  boolean hasForeignCalls() {
    return hasForeignCalls;
  }

  /// What was made.
  List<RecordedCall> calls() {
    return program.calls();
  }

  /// What failed before the kernel began it, and was never let through. Nothing is known of its
  /// arguments.
  List<RefusedCall> refused() {
    List<RefusedCall> all = new ArrayList<>();
    refused.forEach((errno, tally) ->
        tally.calls().stream()
            .filter(call -> !seen.get(call.number()))
            .map(call -> new RefusedCall(withoutArguments(call), errno))
            .forEach(all::add));
    return all;
  }

  private static RecordedCall withoutArguments(RecordedCall call) {
    return new RecordedCall(
        call.architecture(), call.number(), call.name(), call.count(), List.of(), List.of(), 0);
  }
}
