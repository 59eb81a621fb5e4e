package dev.portcullis.kernel.recording;

import dev.portcullis.kernel.process.ContainerGroup;
import dev.portcullis.kernel.trace.ThreadList;
import dev.portcullis.kernel.trace.TraceInstance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Has the kernel leave the threads of the other containers of a pod out of a trace: they are
/// started by the same shim, so they are followed, and one that makes many calls would fill the
/// buffers.
///
/// Only what is in another container's control group is left out. A thread's number comes back to
/// others: one of the container that gets it while the kernel still leaves it out would not be
/// seen. So a thread that is born with such a number is noticed, and a number that stays in the
/// kernel's list without its thread is taken out of it.
final class SiblingThreads {
  /// How long after a number was left out a thread that gets it may be, too: two grace periods,
  /// however busy the machine is.
  private static final long FREED = 500_000_000L;

  /// How long a number is remembered: births are read late on a busy machine.
  private static final long REMEMBERED = 60_000_000_000L;

  private static final long BETWEEN_READS = 50_000_000L;

  /// Until the kernel has taken away the threads that ended while the list was written, unless it
  /// never does.
  private static final long SETTLED = 2_000_000_000L;

  private final ContainerThreads threads;
  private final @Nullable ThreadList list;

  /// That were seen since the last time.
  private final Set<Integer> seen = new LinkedHashSet<>();

  private long events;

  /// Those in the list, and those that were until a minute ago.
  private final Map<Long, LeftOut> leftOut = new HashMap<>();

  /// When a number was in the list, by `System.nanoTime`.
  ///
  /// @param alive from when on its thread was looked for in the other container, before it was left
  ///   out; null where the kernel left it out, as the child of one that was
  /// @param last when it was seen in the list, or was about to be written into it
  private record LeftOut(@Nullable Long alive, long last) {
    boolean isReused(long born) {
      return (alive == null || born - alive > 0) && born - last <= FREED;
    }

    LeftOut still(long now) {
      return new LeftOut(alive, now);
    }
  }

  /// Of whom it is not known yet whether they had ended while the list was written.
  private final Set<Long> unsettled = new HashSet<>();

  private long written;
  private long read = System.nanoTime() - BETWEEN_READS;
  private boolean hasSome;
  private boolean hasGap;

  SiblingThreads(TraceInstance trace, ContainerThreads threads) {
    this.threads = threads;
    list = trace.leftOut().orElse(null);
  }

  /// Whether the kernel can leave out anybody.
  boolean canLeaveOut() {
    return list != null;
  }

  /// One was seen: by a call that it made, or where it is.
  void see(int thread) {
    events++;
    seen.add(thread);
  }

  /// How much was seen of those that are not left out.
  long events() {
    return list == null ? 0 : events;
  }

  /// A thread was born that is not known to be of another container.
  ///
  /// @param nanos when, by `System.nanoTime`: its birth may be read after it was left out
  void born(int child, long nanos) {
    LeftOut its = leftOut.get((long) child);
    hasGap |= its != null && its.isReused(nanos);
  }

  /// Whether a thread was born of which some calls may not have been seen, as its number had been
  /// left out.
  boolean hasGap() {
    return hasGap;
  }

  /// Leaves out the groups of those that were seen: in the kernel one call, which waits for some
  /// tens of milliseconds.
  void leaveOut() throws IOException {
    long alive = System.nanoTime();
    Set<Long> all = new LinkedHashSet<>();
    for (int thread : seen) {
      if (!all.contains((long) thread)) {
        all.addAll(group(thread));
      }
    }
    seen.clear();
    events = 0;
    if (list != null && !all.isEmpty()) {
      all.forEach(thread -> leftOut.putIfAbsent(thread, new LeftOut(alive, alive)));
      list.add(all);
      settleLater(list);
    }
  }

  /// All threads of the other container that one is in; none where it is in none.
  private List<Long> group(long thread) throws IOException {
    Optional<String> id = Optional.ofNullable(threads.sibling(thread));
    return id.isEmpty() ? List.of() : ContainerGroup.threads(thread, id.get());
  }

  private void settleLater(ThreadList own) throws IOException {
    List<Long> now = own.threads();
    hasSome = !now.isEmpty();
    written = System.nanoTime();
    listed(now, written);
    unsettled.clear();
    unsettled.addAll(now);
  }

  /// Looks at the kernel's list.
  void check() throws IOException {
    long now = System.nanoTime();
    if (list == null || (!hasSome && leftOut.isEmpty()) || now - read < BETWEEN_READS) {
      return;
    }
    read = now;
    List<Long> listed = list.threads();
    hasSome = !listed.isEmpty();
    listed(listed, now);
    leftOut.values().removeIf(its -> now - its.last() > REMEMBERED);
    if (now - written > SETTLED && !unsettled.isEmpty()) {
      settle(list, listed);
    }
  }

  private void listed(Collection<Long> all, long now) {
    for (long thread : all) {
      leftOut.put(thread, leftOut.getOrDefault(thread, new LeftOut(null, now)).still(now));
    }
  }

  private void settle(ThreadList own, Collection<Long> listed) throws IOException {
    unsettled.retainAll(listed);
    unsettled.removeIf(thread -> threads.sibling(thread) != null);
    if (!unsettled.isEmpty()) {
      // A thread that ends just now is gone from the list, or is in its container.
      List<Long> left = new ArrayList<>(own.threads());
      if (left.removeAll(unsettled)) {
        own.replace(left);
        settleLater(own);
      }
    }
  }
}
