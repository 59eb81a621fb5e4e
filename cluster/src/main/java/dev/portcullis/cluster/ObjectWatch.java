package dev.portcullis.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
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
/// asked ever more rarely, and once a minute in the end.
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

  private <T extends HasMetadata> ObjectWatch(
      FilterWatchListDeletable<T, ?, ?> objects,
      WatchTarget watched,
      long page,
      WatchPace pace,
      VersionOnlyItemStore<T> seen,
      ResourceEventHandler<T> handler) {
    this.pace = pace;
    this.seen = seen;
    informers =
        () -> objects.withLimit(page).runnableInformer(0).itemStore(seen).addEventHandler(handler);
    question = () -> objects.list(new ListOptionsBuilder().withLimit(1L).build());
    loop = new WatchLoop(watched, pace, _ -> followUntilRefused());
  }

  /// Begins to follow objects.
  ///
  /// @param page how many may be in one answer of the first list
  /// @param empty makes an object of the kind with nothing in it
  /// @param changed called for every object that is new or other, one at a time
  /// @param removed called with the name of one that is no more
  public static <T extends HasMetadata> ObjectWatch start(
      FilterWatchListDeletable<T, ?, ?> objects,
      WatchTarget watched,
      long page,
      Supplier<T> empty,
      Consumer<T> changed,
      Consumer<String> removed) {
    return start(objects, watched, page, WatchPace.usual(), empty, changed, removed);
  }

  static <T extends HasMetadata> ObjectWatch start(
      FilterWatchListDeletable<T, ?, ?> objects,
      WatchTarget watched,
      long page,
      WatchPace pace,
      Supplier<T> empty,
      Consumer<T> changed,
      Consumer<String> removed) {
    ObjectWatch watch =
        new ObjectWatch(
            objects,
            watched,
            page,
            pace,
            new VersionOnlyItemStore<>(empty),
            new ResourceEventHandler<T>() {
              @Override
              public void onAdd(T object) {
                changed.accept(object);
              }

              @Override
              public void onUpdate(T old, T object) {
                changed.accept(object);
              }

              @Override
              public void onDelete(T object, boolean missed) {
                removed.accept(object.getMetadata().getName());
              }
            });
    watch.loop.start();
    return watch;
  }

  /// The client mends by itself what breaks. What it is refused it would ask for again and again,
  /// with a word in the log each time, so the watch is taken away from it then.
  ///
  /// @return whether the watch stood meanwhile
  private boolean followUntilRefused() throws InterruptedException {
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
      Throwable refusal = null;
      while (refusal == null && !loop.isClosed()) {
        refusal = refusals.poll(pace.look().toMillis(), TimeUnit.MILLISECONDS);
        if (refusal == null) {
          refusal = look(now);
        }
      }
      if (refusal != null) {
        loop.say(refusal);
      }
      if (now.hasSynced()) {
        synced = true;
      }
      return stood.get();
    }
  }

  /// What a watch that stood and broke is refused, the client tells nobody.
  ///
  /// @return the refusal; null where it stands, or is mended
  private @Nullable Throwable look(SharedIndexInformer<?> now) {
    if (now.isWatching()) {
      loop.stands();
      return null;
    }
    try {
      question.run();
    } catch (KubernetesClientException failed) {
      if (WatchFailureLog.isRefusal(failed)) {
        return failed;
      }
      loop.say(failed);
    }
    return null;
  }

  /// Whether the first list is in.
  public boolean synced() {
    SharedIndexInformer<?> now = informer;
    if (!synced && now != null) {
      synced = now.hasSynced();
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
