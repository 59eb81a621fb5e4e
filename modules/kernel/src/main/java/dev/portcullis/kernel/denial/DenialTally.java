package dev.portcullis.kernel.denial;

import dev.portcullis.seccomp.bpf.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Counts refused and logged calls, each kind of call of each subject once, in bounded memory: a
/// program that fills it with kinds of its own hides no other.
///
/// @param <S> whose calls they are
public final class DenialTally<S> {
  /// Answers to the calls of one number that are told apart where there are too many kinds.
  private static final int MOST_VERDICTS = 8;

  private final int most;
  private final S others;
  private final Map<Key<S>, Denial<S>> all = new LinkedHashMap<>();
  private final Map<Long, Integer> beyond = new HashMap<>();
  private long omitted;

  private record Key<S>(S subject, long number, Verdict verdict) {}

  /// @param most so many kinds of calls are told apart by whose they are
  /// @param others whose the further ones are
  public DenialTally(int most, S others) {
    this.most = most;
    this.others = others;
  }

  /// Counts one.
  ///
  /// @param when by the wall clock
  /// @return what is counted with it so far; null where there are too many kinds
  public @Nullable Denial<S> add(S subject, CallAnswer answer, Instant when) {
    Key<S> key = new Key<>(subject, answer.number(), answer.verdict());
    if (!all.containsKey(key) && all.size() >= most) {
      key = new Key<>(others, answer.number(), answer.verdict());
      if (!all.containsKey(key) && !hasRoom(answer.number())) {
        omitted++;
        return null;
      }
    }
    Denial<S> before = all.get(key);
    Denial<S> now =
        before == null
            ? new Denial<>(
                key.subject(), key.number(), key.verdict(), answer.result(), "", 1, when, when)
            : before.again(when);
    all.put(key, now);
    return now;
  }

  private boolean hasRoom(long number) {
    return RefusalTable.isUsual(number) && beyond.merge(number, 1, Integer::sum) <= MOST_VERDICTS;
  }

  /// In the order of their first calls.
  public List<Denial<S>> denials() {
    return new ArrayList<>(all.values());
  }

  /// How many calls were not counted because there were too many kinds.
  public long omitted() {
    return omitted;
  }
}
