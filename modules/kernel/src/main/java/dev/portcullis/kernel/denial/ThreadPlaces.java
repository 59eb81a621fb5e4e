package dev.portcullis.kernel.denial;

import dev.portcullis.kernel.process.ContainerGroup;
import dev.portcullis.kernel.process.ProcessTree;
import dev.portcullis.kernel.process.RecentTasks;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which container each thread of a trace belongs to.
///
/// A thread belongs to the container of the one that made it. Any other is looked up by its control
/// group when it is first seen, and each when it executes a program.
///
/// @param <S> a container
final class ThreadPlaces<S> {
  private static final int MOST_THREADS = 1 << 16;

  private final Collection<FollowedContainer<S>> containers;
  private final Map<Integer, Place<S>> places = new RecentTasks<>(MOST_THREADS);

  /// @param container null where the thread is of none that is followed
  record Place<S>(@Nullable FollowedContainer<S> container) {}

  /// @param containers those that are followed, whenever that is asked
  ThreadPlaces(Collection<FollowedContainer<S>> containers) {
    this.containers = containers;
  }

  /// @param container null where it is of none
  void put(int thread, @Nullable FollowedContainer<S> container) {
    places.put(thread, new Place<>(container));
  }

  /// A thread has made another.
  ///
  /// @return the container of both; null where the new one may go into one before it is seen
  @Nullable FollowedContainer<S> born(int parent, int child) {
    Place<S> known = places.get(parent);
    if (known == null || known.container() == null) {
      places.remove(child);
      return null;
    }
    places.put(child, known);
    return known.container();
  }

  /// A thread executes a program: a runtime's process may have come into its container since.
  void started(int thread) {
    Place<S> known = places.get(thread);
    if (look(thread) == null && known != null && known.container() == null) {
      places.remove(thread);
    }
  }

  /// Where a thread is.
  ///
  /// @return null where it has ended, so that its place is unknown
  @Nullable Place<S> of(int thread) {
    Place<S> known = places.get(thread);
    return known != null ? known : look(thread);
  }

  private @Nullable Place<S> look(int thread) {
    List<String> groups;
    try {
      groups = ContainerGroup.paths(thread);
    } catch (IOException ended) {
      return null;
    }
    // A container may name a group below its own after another container.
    FollowedContainer<S> outermost = null;
    int leftmost = Integer.MAX_VALUE;
    for (FollowedContainer<S> each : containers) {
      for (String group : groups) {
        int at = group.indexOf(each.id());
        if (at >= 0 && at < leftmost) {
          outermost = each;
          leftmost = at;
        }
      }
    }
    if (outermost == null && ProcessTree.hasEnded(thread)) {
      // One that its parent has not asked yet how is shown in the first group of version 1.
      return null;
    }
    Place<S> found = new Place<>(outermost);
    places.put(thread, found);
    return found;
  }

  /// Forgets the threads of containers that are not followed any more.
  void forget(Collection<FollowedContainer<S>> gone) {
    Set<FollowedContainer<S>> all = Set.copyOf(gone);
    places.values().removeIf(place -> place.container() != null && all.contains(place.container()));
  }

  /// Forgets all: a number may have been given out again.
  void clear() {
    places.clear();
  }
}
