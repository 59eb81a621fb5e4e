package dev.portcullis.kernel.denial;

import dev.portcullis.seccomp.bpf.Filters;
import dev.portcullis.seccomp.bpf.Kind;
import dev.portcullis.seccomp.bpf.Verdict;
import java.time.Instant;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A container that is followed: its filters, and what they did with its calls, by kinds of calls.
///
/// The logged ones are kept apart from the refused ones, so that a program that has many of them
/// hides none that is refused.
///
/// @param <S> which container it is
final class FollowedContainer<S> {
  /// Kinds of refused calls, and as many of logged ones.
  static final int MOST_KINDS = 100;

  /// However many the others have.
  static final int RESERVED_KINDS = 5;

  /// Of one kind that is logged. To go on is no end of it, and a program may make such a call again
  /// and again, so it is then not counted any more, and not traced if it has a name.
  static final int MOST_LOGGED = 10_000;

  /// Of calls that have no name: a program can make up as many as it likes.
  private static final long NAMELESS = -1;

  private final S subject;
  private final String id;
  private final Filters filters;
  private final RefusalTable table;
  private final CallMatcher matcher;
  private final Map<CallKind, DenialCount<S>> refused = new LinkedHashMap<>();
  private final Map<CallKind, DenialCount<S>> logged = new LinkedHashMap<>();

  /// The numbers of calls that need not be seen again for the sake of its log.
  private final BitSet enough = new BitSet();

  private record CallKind(long number, Verdict verdict) {}

  /// What became of a call that was to be counted.
  enum Count {
    /// It is of a kind that was known, or of one that is not counted any more.
    KNOWN,
    /// It is the first of its kind.
    NEW,
    /// There was no room for its kind.
    OMITTED
  }

  /// @param id as the runtime made it up: a part of the name of its control group
  FollowedContainer(
      S subject, String id, Filters filters, RefusalTable table, CallMatcher matcher) {
    this.subject = subject;
    this.id = id;
    this.filters = filters;
    this.table = table;
    this.matcher = matcher;
  }

  S subject() {
    return subject;
  }

  String id() {
    return id;
  }

  Filters filters() {
    return filters;
  }

  /// What its filters may do.
  RefusalTable table() {
    return table;
  }

  CallMatcher matcher() {
    return matcher;
  }

  /// The calls that still have to be seen for the sake of its log.
  BitSet loggable() {
    BitSet left = table.loggable();
    left.andNot(enough);
    return left;
  }

  /// How many logged calls need not be seen any more.
  int settled() {
    return enough.cardinality();
  }

  /// Counts a call of it.
  ///
  /// @param isNamed whether the call has a name
  /// @param hasRoom whether there is room for more than its reserved kinds
  /// @param now the time of day at `nanos`, by `System.nanoTime`
  /// @param command of the process that made it, for the first of a kind
  Count count(
      CallAnswer answer,
      boolean isNamed,
      boolean hasRoom,
      Instant now,
      long nanos,
      Supplier<String> command) {
    boolean isLogged = answer.verdict().kind() == Kind.LOG;
    boolean isUsual = RefusalTable.isUsual(answer.number());
    if (isLogged && isUsual && enough.get((int) answer.number())) {
      return Count.KNOWN;
    }
    Map<CallKind, DenialCount<S>> its = isLogged ? logged : refused;
    CallKind kind = kind(answer, isNamed);
    DenialCount<S> before = its.get(kind);
    Count count = Count.KNOWN;
    if (before == null) {
      count = its.size() < (hasRoom ? MOST_KINDS : RESERVED_KINDS) ? Count.NEW : Count.OMITTED;
      if (count == Count.NEW) {
        Instant when = now.minusNanos(nanos - answer.nanos());
        its.put(
            kind,
            new DenialCount<>(
                new Denial<>(
                    subject,
                    answer.number(),
                    answer.verdict(),
                    answer.result(),
                    command.get(),
                    1,
                    when,
                    when)));
      }
    } else if (!isLogged || before.count() < MOST_LOGGED) {
      before.again(answer.nanos(), now, nanos);
    }
    boolean isEnough = count == Count.OMITTED || (before != null && before.count() >= MOST_LOGGED);
    if (isLogged && isUsual && isEnough) {
      enough.set((int) answer.number());
    }
    return count;
  }

  private static CallKind kind(CallAnswer answer, boolean isNamed) {
    return new CallKind(isNamed ? answer.number() : NAMELESS, answer.verdict());
  }

  /// The count of a refused call; null where there was no room for its kind, or it is a logged one.
  @Nullable DenialCount<S> refusals(CallAnswer answer, boolean isNamed) {
    return answer.verdict().kind() == Kind.LOG ? null : refused.get(kind(answer, isNamed));
  }

  /// How many kinds of calls were counted.
  int kinds() {
    return refused.size() + logged.size();
  }

  /// In the order of their first calls, the refused ones first.
  Stream<Denial<S>> denials() {
    return Stream.concat(refused.values().stream(), logged.values().stream())
        .map(DenialCount::denial);
  }
}
