package dev.portcullis.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/// Tells of objects as they are now, and when they go: when they are removed, or when what they are
/// chosen by is no longer true of them. It remembers nothing of those that are there, so it takes
/// no memory for them, and its API server reads no list of them from its storage.
public final class StatelessWatch implements AutoCloseable {
  private final WatchLoop loop;

  private StatelessWatch(WatchLoop loop) {
    this.loop = loop;
  }

  /// Is told.
  ///
  /// @param <T> what goes
  public interface Listener<T> {
    /// It is told from about now on. Objects may have gone before, and, where the client falls back
    /// from a web socket to HTTP, for a moment after this, too, and nobody saw it: so a listener
    /// also looks by itself now and then.
    void begun();

    /// One is so now. After each beginning it is told of all that are there, and then of each
    /// change.
    default void is(T object) {}

    /// One has gone.
    void removed(T object);
  }

  /// Begins to watch.
  ///
  /// @param objects by a client
  public static <T extends HasMetadata> StatelessWatch start(
      ClusterConnection connection,
      Function<KubernetesClient, FilterWatchListDeletable<T, ?, ?>> objects,
      WatchTarget watched,
      Listener<T> listener) {
    return start(connection, objects, watched, WatchPace.ofNodes(), listener);
  }

  static <T extends HasMetadata> StatelessWatch start(
      ClusterConnection connection,
      Function<KubernetesClient, FilterWatchListDeletable<T, ?, ?>> objects,
      WatchTarget watched,
      WatchPace pace,
      Listener<T> listener) {
    var those = objects.apply(withoutRetries(connection.client()));
    WatchLoop loop = new WatchLoop(watched, pace, it -> watch(those, listener, pace, it));
    loop.start();
    return new StatelessWatch(loop);
  }

  /// The client would take up a broken watch by itself and tell nobody, and what goes meanwhile is
  /// what matters here.
  private static KubernetesClient withoutRetries(KubernetesClient client) {
    return client
        .newClient(
            new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                .withWatchReconnectLimit(0)
                .build())
        .adapt(KubernetesClient.class);
  }

  private static <T extends HasMetadata> boolean watch(
      FilterWatchListDeletable<T, ?, ?> objects,
      Listener<T> listener,
      WatchPace pace,
      WatchLoop loop)
      throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    long began = System.nanoTime();
    // From any version: the first events tell of all that are there, from the API server's memory.
    try (Watch _ =
        objects.watch(
            new ListOptionsBuilder().withResourceVersion("0").build(),
            new Watcher<>() {
              @Override
              public void eventReceived(Action action, T object) {
                switch (action) {
                  case ADDED, MODIFIED -> listener.is(object);
                  case DELETED -> listener.removed(object);
                  case BOOKMARK, ERROR -> {}
                }
              }

              @Override
              public void onClose() {
                end.countDown();
              }

              @Override
              public void onClose(WatcherException broken) {
                end.countDown();
              }
            })) {
      loop.stands();
      listener.begun();
      end.await();
    } catch (KubernetesClientException failed) {
      loop.say(failed);
    }
    return System.nanoTime() - began > pace.backoff().most().toNanos();
  }

  @Override
  public void close() {
    loop.close();
  }
}
