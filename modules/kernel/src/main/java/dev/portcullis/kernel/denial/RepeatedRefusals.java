package dev.portcullis.kernel.denial;

import dev.portcullis.kernel.trace.TraceEvent;
import dev.portcullis.kernel.trace.TraceEvent.CallEntry;
import dev.portcullis.kernel.trace.TraceEvent.CallExit;
import dev.portcullis.kernel.trace.TraceEvent.EventLoss;
import dev.portcullis.kernel.trace.TraceEvent.NativeCall;
import dev.portcullis.kernel.trace.TraceEvent.ProgramStart;
import dev.portcullis.kernel.trace.TraceEvent.ThreadBirth;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Refused calls that a thread makes again and again, and nothing else in between that is traced:
/// what the first was, the next one is, with the same number and result, as it has no beginning
/// either. A loop makes a hundred thousand a second, and they are counted without being looked at.
///
/// @param <S> a container
final class RepeatedRefusals<S> {
  /// Of threads whose numbers end alike, the last counts.
  private static final int PLACES = 256;

  private final @Nullable CallExit[] exits = new @Nullable CallExit[PLACES];
  private final @Nullable DenialCount<S>[] counts = places();

  @SuppressWarnings({"unchecked", "rawtypes"}) // Java has no arrays of a generic class
  private static <S> @Nullable DenialCount<S>[] places() {
    return (@Nullable DenialCount<S>[]) new DenialCount[PLACES];
  }

  private static int place(int thread) {
    return thread & (PLACES - 1);
  }

  /// The refusal that is the same as the last event of its thread; null where there is none.
  @Nullable DenialCount<S> of(CallExit exit) {
    int place = place(exit.thread());
    CallExit last = exits[place];
    return last != null
            && last.thread() == exit.thread()
            && last.number() == exit.number()
            && last.result() == exit.result()
        ? counts[place]
        : null;
  }

  /// A thread was refused a call, without any doubt.
  void put(CallExit exit, DenialCount<S> count) {
    int place = place(exit.thread());
    exits[place] = exit;
    counts[place] = count;
  }

  /// Something else happened.
  void forget(TraceEvent event) {
    switch (event) {
      case CallEntry entry -> forget(entry.thread());
      case CallExit exit -> forget(exit.thread());
      case NativeCall(var call, _) -> forget(call);
      case ProgramStart start -> forget(start.thread());
      case ThreadBirth birth -> {
        forget(birth.thread());
        forget(birth.child());
      }
      case EventLoss _ -> clear();
    }
  }

  private void forget(int thread) {
    int place = place(thread);
    CallExit last = exits[place];
    if (last != null && last.thread() == thread) {
      exits[place] = null;
      counts[place] = null;
    }
  }

  /// Of no thread the last event is known, or what it would mean.
  void clear() {
    Arrays.fill(exits, null);
    Arrays.fill(counts, null);
  }
}
