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
import java.util.concurrent.ThreadLocalRandom;
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

  /// What is followed.
  ///
  /// @param text what messages call them
  /// @param page how many may be in one answer of the first list
  public record Subject(String text, long page, Need need) {}

  /// What it means where the API server has no such kind, or does not grant the right.
  public enum Need {
    /// Something is wrong.
    NEEDED,
    /// It is of a part of Portcullis that is not installed here.
    OPTIONAL
  }

  /// How long it waits.
  ///
  /// @param first after the first refusal; twice as long after each further one
  /// @param most between two tries
  /// @param look between two looks at whether a watch stands
  record Pace(Duration first, Duration most, Duration look) {
    /// Thousands of nodes are refused in the same moment, when somebody takes a right away.
    static Pace usual() {
      return new Pace(
          Duration.ofMillis(ThreadLocalRandom.current().nextInt(1_000, 3_000)),
          Duration.ofMinutes(1),
          Duration.ofSeconds(30));
    }
  }

  private final Supplier<SharedIndexInformer<?>> informers;
  private final Runnable question;
  private final Pace pace;
  private final WatchTrouble trouble;
  private final SeenVersions<?> seen;
  private final Thread thread;
  private volatile @Nullable SharedIndexInformer<?> informer;
  private volatile boolean synced;
  private volatile boolean closed;

  private <T extends HasMetadata> ObjectWatch(
      FilterWatchListDeletable<T, ?, ?> objects,
      Subject subject,
      Pace pace,
      SeenVersions<T> seen,
      ResourceEventHandler<T> handler) {
    this.pace = pace;
    this.seen = seen;
    trouble = new WatchTrouble(subject, pace.most());
    informers =
        () ->
            objects
                .withLimit(subject.page())
                .runnableInformer(0)
                .itemStore(seen)
                .addEventHandler(handler);
    question = () -> objects.list(new ListOptionsBuilder().withLimit(1L).build());
    thread = Thread.ofVirtual().name("following " + subject.text()).unstarted(this::follow);
  }

  /// Begins to follow objects.
  ///
  /// @param empty makes an object of the kind with nothing in it
  /// @param changed called for every object that is new or other, one at a time
  /// @param removed called with the name of one that is no more
  public static <T extends HasMetadata> ObjectWatch start(
      FilterWatchListDeletable<T, ?, ?> objects,
      Subject subject,
      Supplier<T> empty,
      Consumer<T> changed,
      Consumer<String> removed) {
    return start(objects, subject, Pace.usual(), empty, changed, removed);
  }

  static <T extends HasMetadata> ObjectWatch start(
      FilterWatchListDeletable<T, ?, ?> objects,
      Subject subject,
      Pace pace,
      Supplier<T> empty,
      Consumer<T> changed,
      Consumer<String> removed) {
    ObjectWatch watch =
        new ObjectWatch(
            objects,
            subject,
            pace,
            new SeenVersions<>(empty),
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
    watch.thread.start();
    return watch;
  }

  private void follow() {
    Duration pause = pace.first();
    try {
      while (!closed) {
        if (followUntilEnd()) {
          pause = pace.first();
        }
        Thread.sleep(pause);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(pace.most()) > 0 ? pace.most() : longer;
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whatever fails once it is closed, fails for that.
  private void say(Throwable failed) {
    if (!closed) {
      trouble.say(failed);
    }
  }

  private boolean followUntilEnd() throws InterruptedException {
    try {
      return followUntilRefused();
    } catch (RuntimeException unforeseen) {
      say(unforeseen);
      return false;
    }
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
        if (WatchTrouble.isRefusal(failed)) {
          var _ = refusals.offer(failed);
        } else {
          say(failed);
        }
        return true;
      });
      informer = now;
      var _ =
          now.start()
              .thenRun(() -> {
                stood.set(true);
                trouble.over();
              });
      Throwable refusal = null;
      while (refusal == null && !closed) {
        refusal = refusals.poll(pace.look().toMillis(), TimeUnit.MILLISECONDS);
        if (refusal == null) {
          refusal = look(now);
        }
      }
      if (refusal != null) {
        say(refusal);
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
      trouble.over();
      return null;
    }
    try {
      question.run();
    } catch (KubernetesClientException failed) {
      if (WatchTrouble.isRefusal(failed)) {
        return failed;
      }
      say(failed);
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
    return trouble.isMissing();
  }

  /// The names of all objects that are there. Whoever was told of the changes may be behind.
  public Set<String> names() {
    return seen.keySet().collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
