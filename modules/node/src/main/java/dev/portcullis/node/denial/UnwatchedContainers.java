package dev.portcullis.node.denial;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The containers whose refused calls are not watched: since their program has not begun, or for a
/// reason that is logged once. Decides when each may be tried again. For one thread.
final class UnwatchedContainers {
  private static final Logger LOG = System.getLogger(UnwatchedContainers.class.getName());

  /// From one try to watch a container to the next: at first, and after many. Looking at a filter
  /// that cannot be understood costs a second, and such a filter stays.
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /// Until a container counts as not watched whose program does not begin.
  private static final Duration LONGEST_START = Duration.ofSeconds(10);

  private final Map<DeniedContainer, Refusal> refused = new HashMap<>();

  /// Whose program has not begun, since when.
  private final Map<DeniedContainer, Long> starting = new HashMap<>();

  /// A container that cannot be watched.
  ///
  /// @param why for people; it has been said
  /// @param pause before the next try
  /// @param since when it was tried last, by `System.nanoTime`
  private record Refusal(String why, Duration pause, long since) {
    boolean mayBeTried() {
      return hasPassed(pause, since);
    }
  }

  private static boolean hasPassed(Duration time, long since) {
    return System.nanoTime() - since >= time.toNanos();
  }

  /// Others have gone.
  void retain(Set<DeniedContainer> containers) {
    refused.keySet().retainAll(containers);
    starting.keySet().retainAll(containers);
  }

  /// The watch begins anew; what has been logged stays known.
  void forgetStarts() {
    starting.clear();
  }

  /// Whether one may be tried now.
  boolean isAnyDue() {
    return !starting.isEmpty() || refused.values().stream().anyMatch(Refusal::mayBeTried);
  }

  /// Whether a container may be tried now.
  boolean isDue(DeniedContainer container) {
    Refusal before = refused.get(container);
    return before == null || before.mayBeTried();
  }

  /// It is watched now.
  void remove(DeniedContainer container) {
    refused.remove(container);
    starting.remove(container);
  }

  /// Its program has not begun.
  void await(DeniedContainer container) {
    long since = starting.computeIfAbsent(container, _ -> System.nanoTime());
    if (hasPassed(LONGEST_START, since)) {
      refuse(
          container,
          "its first process has ended, does not execute the container's program, or cannot be"
              + " stopped, as when the container is paused",
          true);
    }
  }

  /// It cannot be watched.
  ///
  /// @param soon whether the next try costs next to nothing
  void refuse(DeniedContainer container, String reason, boolean soon) {
    starting.remove(container);
    String why =
        "refused calls of container \""
            + container.name()
            + "\" of pod "
            + container.namespace()
            + "/"
            + container.pod()
            + " are not watched: "
            + reason;
    Refusal before = refused.get(container);
    refused.put(container, new Refusal(why, pause(before, soon), System.nanoTime()));
    if (before == null) {
      LOG.log(Level.WARNING, why);
    }
  }

  private static Duration pause(@Nullable Refusal before, boolean soon) {
    Duration pause = before == null || soon ? FIRST_PAUSE : before.pause().multipliedBy(2);
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /// Why each of them is not watched, for people.
  List<String> reasons() {
    return refused.values().stream().map(Refusal::why).toList();
  }
}
