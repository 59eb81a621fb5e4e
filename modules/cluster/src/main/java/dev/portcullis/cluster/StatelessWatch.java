package dev.portcullis.cluster;

import java.io.IOException;

/// Reports objects as they are now, and when they go: when they are removed, or when the selector
/// no longer matches them. It remembers nothing of those that are there, so it takes no memory for
/// them, and its API server reads no list of them from its storage.
public final class StatelessWatch implements AutoCloseable {
  private final WatchLoop loop;

  private StatelessWatch(WatchLoop loop) {
    this.loop = loop;
  }

  /// Is notified.
  public interface Listener {
    /// It is notified from now on. Objects may have gone before, unnoticed.
    void begun();

    /// One is so now. After each beginning it is notified of all that are there, and then of each
    /// change.
    default void is(StoredObject object) {}

    /// One has gone.
    void removed(StoredObject object);
  }

  /// Begins to watch.
  public static StatelessWatch start(
      ClusterConnection connection, ApiCollection objects, WatchTarget watched, Listener listener) {
    return start(connection, objects, watched, WatchPace.ofNodes(), listener);
  }

  static StatelessWatch start(
      ClusterConnection connection,
      ApiCollection objects,
      WatchTarget watched,
      WatchPace pace,
      Listener listener) {
    WatchLoop loop =
        new WatchLoop(
            watched,
            pace,
            it -> watch(connection, objects, "watch " + watched.text(), pace, listener, it));
    loop.start();
    return new StatelessWatch(loop);
  }

  private static boolean watch(
      ClusterConnection connection,
      ApiCollection objects,
      String what,
      WatchPace pace,
      Listener listener,
      WatchLoop loop) {
    long began = System.nanoTime();
    // From any version: the first events report all that are there, from the API server's memory.
    try (WatchEvents events =
        WatchEvents.open(connection, objects, "0", WatchLife.ofStateless(), what)) {
      loop.stands();
      listener.begun();
      for (var event = events.next(); event != null && !loop.isClosed(); event = events.next()) {
        switch (event.type()) {
          case ADDED, MODIFIED -> listener.is(event.object());
          case DELETED -> listener.removed(event.object());
          case BOOKMARK -> {}
        }
      }
    } catch (ApiFailure | UnreadableAnswerException failed) {
      loop.say(failed);
    } catch (IOException broken) {
      // Whether anything is in the way, the next one finds out.
    }
    return System.nanoTime() - began > pace.backoff().most().toNanos();
  }

  @Override
  public void close() {
    loop.close();
  }
}
