package dev.portcullis.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All objects of a kind, followed for as long as the process lives. A watch that breaks is taken
/// up again, whatever the reason: one that was given up would never hear of a right that is taken
/// away. Meanwhile what was last seen stands.
///
/// Where the API server refuses, because it has no such kind or does not grant the right, it is
/// asked ever more rarely, and once a minute in the end. One that did not answer is followed anew
/// as soon as it answers.
public final class ObjectWatch implements AutoCloseable {
  /// Objects in one answer of the first list, so that it is never in memory as a whole; of small
  /// ones.
  public static final long PAGE = 250;

  private final Supplier<SharedIndexInformer<?>> informers;
  private final Runnable question;
  private final WatchPace pace;
  private final VersionOnlyItemStore<?> seen;
  private final WatchLoop loop;
  private volatile @Nullable SharedIndexInformer<?> informer;
  private volatile boolean synced;

  /// Of whom the listener was told, until it was told of all in the first list.
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /// The names in the first list; null before it is in.
  private @Nullable Set<String> first;

  private <T extends HasMetadata> ObjectWatch(
      FilterWatchListDeletable<T, ?, ?> objects,
      WatchTarget watched,
      long page,
      WatchPace pace,
      VersionOnlyItemStore<T> seen,
      Consumer<T> changed,
      Consumer<String> removed) {
    this.pace = pace;
    this.seen = seen;
    ResourceEventHandler<T> handler =
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(T object) {
            try {
              changed.accept(object);
            } finally {
              if (!synced) {
                told.add(object.getMetadata().getName());
              }
            }
          }

          @Override
          public void onUpdate(T old, T object) {
            changed.accept(object);
          }

          @Override
          public void onDelete(T object, boolean missed) {
            removed.accept(object.getMetadata().getName());
          }
        };
    // The store after the handler: who handles events is told of all that the store has already,
    // which is not what the objects are.
    informers =
        () -> objects.withLimit(page).runnableInformer(0).addEventHandler(handler).itemStore(seen);
    question = () -> objects.list(new ListOptionsBuilder().withLimit(1L).build());
    loop = new WatchLoop(watched, pace, _ -> live());
  }

  /// Begins to follow objects.
  ///
  /// @param pace how often an API server is asked that does not answer
  /// @param page how many may be in one answer of the first list
  /// @param empty makes an object of the kind with nothing in it
  /// @param changed called for every object that is new or other, one at a time
  /// @param removed called with the name of one that is no more
  public static <T extends HasMetadata> ObjectWatch start(
      FilterWatchListDeletable<T, ?, ?> objects,
      WatchTarget watched,
      WatchPace pace,
      long page,
      Supplier<T> empty,
      Consumer<T> changed,
      Consumer<String> removed) {
    ObjectWatch watch =
        new ObjectWatch(
            objects, watched, page, pace, new VersionOnlyItemStore<>(empty), changed, removed);
    watch.loop.start();
    return watch;
  }

  /// How a time of following ended.
  ///
  /// @param stood whether the watch stood meanwhile
  /// @param back whether it ended because the API server answers again, and not with a refusal
  private record End(boolean stood, boolean back) {}

  /// @return whether the watch stood meanwhile
  private boolean live() throws InterruptedException {
    boolean stood = false;
    while (true) {
      End end = follow();
      stood |= end.stood();
      if (!end.back()) {
        return stood;
      }
    }
  }

  /// The client mends by itself what breaks, but waits ever longer after each try, and after an
  /// outage of minutes for a minute more. What it is refused it would ask for again and again, with
  /// a word in the log each time. So the watch is taken away from it when the API server refuses,
  /// and when it answers again.
  private End follow() throws InterruptedException {
    BlockingQueue<Throwable> refusals = new ArrayBlockingQueue<>(1);
    AtomicBoolean stood = new AtomicBoolean();
    try (SharedIndexInformer<?> now = informers.get()) {
      now.exceptionHandler((_, failed) -> {
        if (WatchFailureLog.isRefusal(failed)) {
          var _ = refusals.offer(failed);
        } else {
          loop.say(failed);
        }
        return true;
      });
      informer = now;
      var _ =
          now.start()
              .thenRun(() -> {
                stood.set(true);
                loop.stands();
              });
      Duration pause = pace.look().first();
      boolean away = false;
      while (!loop.isClosed()) {
        Throwable refusal = refusals.poll(pause.toMillis(), TimeUnit.MILLISECONDS);
        Throwable failure = refusal == null ? question(now) : refusal;
        if (failure != null && WatchFailureLog.isRefusal(failure)) {
          loop.say(failure);
          break;
        }
        if (failure != null) {
          loop.say(failure);
          away = true;
          pause = pace.look().after(pause);
        } else if (away && !now.isWatching()) {
          return new End(stood.get(), true);
        } else {
          away = false;
          pause = pace.look().first();
        }
      }
      return new End(stood.get(), false);
    } finally {
      remember();
      forgetUntold();
    }
  }

  /// What the API server says where the watch does not stand: of one that broke, the client tells
  /// nobody.
  ///
  /// @return what is in the way; null where nothing is
  private @Nullable Throwable question(SharedIndexInformer<?> now) {
    if (now.isWatching()) {
      loop.stands();
      return null;
    }
    try {
      question.run();
      return null;
    } catch (KubernetesClientException failed) {
      return failed;
    }
  }

  /// What was synced once stays so. The client has a list before its listener was told of all that
  /// is in it: that is another thread's, and takes seconds for thousands of objects.
  private synchronized void remember() {
    SharedIndexInformer<?> now = informer;
    if (first == null && now != null && now.hasSynced()) {
      first = names();
    }
    if (!synced && first != null && told.containsAll(first)) {
      synced = true;
      first = Set.of();
      told.clear();
    }
  }

  /// What the client knew and nobody was told of is told by the next one.
  private synchronized void forgetUntold() {
    if (!synced) {
      first = null;
      seen.retain(told);
    }
  }

  /// Whether the first list is in, and the listener was told of all that is in it.
  public boolean synced() {
    if (!synced) {
      remember();
    }
    return synced;
  }

  /// Whether the API server had no such kind when it was asked last.
  public boolean isMissing() {
    return loop.isMissing();
  }

  /// The names of all objects that are there. Whoever was told of the changes may be behind.
  public Set<String> names() {
    return seen.keySet().collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void close() {
    loop.close();
  }
}
