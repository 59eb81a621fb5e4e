package dev.portcullis.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// All objects of a kind, followed for as long as the process lives. A watch that breaks is taken
/// up again, whatever the reason: one that was given up would never hear of a right that is taken
/// away. Meanwhile what was last seen stands.
public final class ObjectWatch implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ObjectWatch.class.getName());

  /// Objects in one answer of the first list, so that it is never in memory as a whole; of small
  /// ones.
  public static final long PAGE = 250;

  private final SharedIndexInformer<?> informer;

  private final SeenVersions<?> seen;

  private ObjectWatch(SharedIndexInformer<?> informer, SeenVersions<?> seen) {
    this.informer = informer;
    this.seen = seen;
  }

  /// Begins to follow objects.
  ///
  /// @param page how many may be in one answer of the first list
  /// @param empty makes an object of the kind with nothing in it
  /// @param changed called for every object that is new or other, one at a time
  /// @param removed called with the name of one that is no more
  public static <T extends HasMetadata> ObjectWatch start(
      Informable<T> objects,
      long page,
      String kind,
      Supplier<T> empty,
      Consumer<T> changed,
      Consumer<String> removed) {
    AtomicReference<String> said = new AtomicReference<>("");
    SeenVersions<T> seen = new SeenVersions<>(empty);
    SharedIndexInformer<T> informer = objects.withLimit(page).runnableInformer(0).itemStore(seen);
    informer.exceptionHandler((started, failed) -> {
      say(said, kind, ClusterConnection.reason(failed));
      return true;
    });
    informer.addEventHandler(
        new ResourceEventHandler<T>() {
          @Override
          public void onAdd(T object) {
            said.set("");
            changed.accept(object);
          }

          @Override
          public void onUpdate(T old, T object) {
            said.set("");
            changed.accept(object);
          }

          @Override
          public void onDelete(T object, boolean missed) {
            removed.accept(object.getMetadata().getName());
          }
        });
    // It ends when the watch does; a failure goes to the handler above.
    var _ = informer.start();
    return new ObjectWatch(informer, seen);
  }

  /// Whether the first list is in.
  public boolean synced() {
    return informer.hasSynced();
  }

  /// The names of all objects that are there. Whoever was told of the changes may be behind.
  public Set<String> names() {
    return seen.keySet().collect(Collectors.toUnmodifiableSet());
  }

  /// Once, until the reason is another one: it is tried every few seconds.
  private static void say(AtomicReference<String> said, String kind, String reason) {
    if (!reason.equals(said.getAndSet(reason))) {
      LOG.log(Level.WARNING, "cannot follow {0}, trying again until it works: {1}", kind, reason);
    }
  }

  @Override
  public void close() {
    informer.close();
  }
}
