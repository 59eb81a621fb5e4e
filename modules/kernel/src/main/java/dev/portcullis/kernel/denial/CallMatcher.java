package dev.portcullis.kernel.denial;

import dev.portcullis.kernel.trace.CallInProgress;
import dev.portcullis.kernel.trace.TraceEvent;
import dev.portcullis.kernel.trace.TraceEvent.CallEntry;
import dev.portcullis.kernel.trace.TraceEvent.CallExit;
import dev.portcullis.kernel.trace.TraceEvent.EventLoss;
import dev.portcullis.kernel.trace.TraceEvent.NativeCall;
import dev.portcullis.kernel.trace.TraceEvent.ProgramStart;
import dev.portcullis.kernel.trace.TraceEvent.ThreadBirth;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Distinguishes the calls that filters refused from those that the kernel refused itself: the
/// former have an end without a beginning, and the filter gives that answer. A call that a filter
/// logs has a beginning, as it goes on; running the filter with its arguments shows that it is
/// logged.
///
/// The beginning of a call may also be missing because the call was not traced yet, or because
/// events were lost. A call that a filter refuses with all arguments needs none; of the others the
/// first of such a thread counts as undecided, never as refused. So does a failure without a
/// beginning that no known filter explains.
final class CallMatcher {
  /// In a call whose number is not known.
  static final long RUNNING = -1;

  /// More threads than this do not wait in calls that filters look at.
  private static final int MOST_THREADS = 1 << 16;

  private RefusalTable table;
  private RefusalTable ofAll;
  private final Map<Integer, Long> begun = new HashMap<>();
  private final Map<Integer, Long> unsure = new HashMap<>();
  private final Set<Integer> sure = new HashSet<>();
  private final Set<Integer> newborn = new HashSet<>();
  // Until then each beginning may be missing.
  private long doubtUntil = Long.MIN_VALUE;
  private boolean hasLost;
  private long lost;
  private long undecided;
  private int doubts;

  /// @param table of what may be refused
  /// @param ofAll of the filters that all the threads have: what these log is logged, since a
  ///   further filter can only refuse more
  CallMatcher(RefusalTable table, RefusalTable ofAll) {
    this.table = table;
    this.ofAll = ofAll;
  }

  /// The number of the call that a thread is in, or {@link #RUNNING}.
  static long callOf(long thread) {
    CallEntry entry = CallInProgress.of(thread);
    return entry == null ? RUNNING : entry.number();
  }

  /// More filters are known, and more calls traced.
  ///
  /// @param inCalls the threads that were there since, and the number of the call that each was in,
  ///   or {@link #RUNNING}
  /// @param until when that had been asked, by `System.nanoTime`
  void use(RefusalTable wider, RefusalTable widerOfAll, Map<Integer, Long> inCalls, long until) {
    doubts++;
    table = wider;
    ofAll = widerOfAll;
    unsure.clear();
    unsure.putAll(inCalls);
    doubtUntil = Math.max(doubtUntil, until);
  }

  /// How often all that was known of threads was put in doubt.
  int doubts() {
    return doubts;
  }

  /// How many events the kernel lost, at least.
  long lost() {
    return lost;
  }

  /// How many calls were perhaps refused.
  long undecided() {
    return undecided;
  }

  /// What an event shows.
  Optional<CallAnswer> accept(TraceEvent event) {
    return switch (event) {
      case CallEntry entry -> {
        if (begun.size() >= MOST_THREADS) {
          // Threads that died in a call never come back from it. No event was lost for that.
          doubtAll(entry.nanos());
        }
        begun.put(entry.thread(), entry.number());
        settle(entry.thread(), entry.nanos());
        yield ofAll
            .logged(entry)
            .map(verdict ->
                new CallAnswer(entry.nanos(), entry.thread(), entry.number(), verdict, 0));
      }
      case CallExit exit -> exit(exit);
      case NativeCall _ -> Optional.empty();
      case ThreadBirth(long nanos, _, int child) -> {
        begun.remove(child);
        settle(child, nanos);
        if (newborn.size() >= MOST_THREADS) {
          newborn.clear();
        }
        newborn.add(child);
        yield Optional.empty();
      }
      case ProgramStart _ -> Optional.empty();
      case EventLoss(_, long until, long count) -> {
        lose(count, until);
        yield Optional.empty();
      }
    };
  }

  private void lose(long count, long until) {
    lost += count;
    doubtAll(until);
  }

  /// Of no thread it is known any more whether it is in a call.
  private void doubtAll(long until) {
    doubts++;
    begun.clear();
    sure.clear();
    hasLost = true;
    doubtUntil = Math.max(doubtUntil, until);
  }

  private Optional<CallAnswer> exit(CallExit exit) {
    Long number = begun.remove(exit.thread());
    boolean doubt = isUnsure(exit);
    settle(exit.thread(), exit.nanos());
    if (number != null && number == exit.number()) {
      return Optional.empty();
    }
    Optional<CallAnswer> refusal =
        table
            .refusal(exit)
            .map(verdict ->
                new CallAnswer(exit.nanos(), exit.thread(), exit.number(), verdict, exit.result()));
    if (refusal.isPresent()
        ? doubt && table.mayPass(exit.number())
        : !doubt && (exit.hasFailed() || exit.isOfASignal())) {
      undecided++;
      return Optional.empty();
    }
    return refusal;
  }

  /// Whether it may have had a beginning.
  private boolean isUnsure(CallExit exit) {
    int thread = exit.thread();
    @Nullable Long in = unsure.get(thread);
    // The first of a thread can be the end of the call that made it.
    boolean isBirth = newborn.contains(thread) && exit.result() == 0;
    return exit.nanos() <= doubtUntil
        || isBirth
        || (in != null && (in == RUNNING || in == exit.number()))
        || (hasLost && !sure.contains(thread));
  }

  private void settle(int thread, long nanos) {
    newborn.remove(thread);
    if (nanos <= doubtUntil) {
      return;
    }
    unsure.remove(thread);
    if (hasLost) {
      if (sure.size() >= MOST_THREADS) {
        sure.clear();
      }
      sure.add(thread);
    }
  }
}
