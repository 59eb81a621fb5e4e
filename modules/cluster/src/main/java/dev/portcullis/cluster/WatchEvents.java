package dev.portcullis.cluster;

import dev.portcullis.documents.Limits;
import dev.portcullis.documents.Mapping;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What an API server reports about objects from some moment on: one watch, to its end.
final class WatchEvents implements AutoCloseable {
  /// Of one event. A pod has room for 780,000 arguments with nothing in them, which take 53 MB: the
  /// heap of a node's agent has 64, and would be full again after each start.
  private static final Limits EVENT =
      new Limits(ClusterConnection.OBJECT.bytes(), ClusterConnection.OBJECT.depth(), 500_000);

  private final ClusterConnection connection;
  private final String what;
  private final WatchLife life;
  private final ResponseLines lines;
  private final long begun = System.nanoTime();
  private boolean bookmarked;
  private boolean heard;

  /// What has happened to an object.
  enum Type {
    ADDED,
    MODIFIED,
    DELETED,

    /// Nothing, up to the version of the object, which has nothing else.
    BOOKMARK
  }

  record Event(Type type, StoredObject object) {}

  private WatchEvents(
      ClusterConnection connection, String what, WatchLife life, ResponseLines lines) {
    this.connection = connection;
    this.what = what;
    this.life = life;
    this.lines = lines;
  }

  /// Begins a watch. The server has granted it when this returns.
  ///
  /// @param version of a list, an event or a bookmark, from which it goes on; `0` for any, of which
  ///   the first events report all that is there, from the server's memory
  /// @param what is asked, for messages
  /// @throws ApiFailure of code 410 where the server has forgotten that version
  static WatchEvents open(
      ClusterConnection connection,
      ApiCollection objects,
      String version,
      WatchLife life,
      String what)
      throws ApiFailure {
    String query =
        "watch=true&allowWatchBookmarks=true&resourceVersion="
            + ApiCollection.encoded(version)
            + "&timeoutSeconds="
            + Math.max(1, life.most().toSeconds());
    return new WatchEvents(connection, what, life, connection.watch(objects.request(query), what));
  }

  /// The next event; null at the end.
  ///
  /// @throws ApiFailure where the server says that it cannot go on
  /// @throws IOException where the connection is broken, or dead
  @Nullable Event next() throws IOException {
    while (true) {
      byte[] line = lines.next(patience());
      if (line == null) {
        return null;
      }
      heard = true;
      Mapping event = ClusterConnection.read(line, EVENT);
      StoredObject object = new StoredObject(StoredObject.mapping(event, "object"));
      switch (StoredObject.text(event, "type")) {
        case "ADDED" -> {
          return new Event(Type.ADDED, object);
        }
        case "MODIFIED" -> {
          return new Event(Type.MODIFIED, object);
        }
        case "DELETED" -> {
          return new Event(Type.DELETED, object);
        }
        case "BOOKMARK" -> {
          bookmarked = true;
          return new Event(Type.BOOKMARK, object);
        }
        case "ERROR" -> {
          Long code = StoredObject.number(object.whole(), "code");
          throw connection.failure(what, code == null ? 500 : code.intValue(), object.whole());
        }
        default -> {
          // A type that a later Kubernetes adds does not concern what is followed here.
        }
      }
    }
  }

  private Duration patience() {
    Duration left = life.most().plus(life.grace()).minusNanos(System.nanoTime() - begun);
    Duration patience = bookmarked && life.silence().compareTo(left) < 0 ? life.silence() : left;
    return patience.isNegative() ? Duration.ZERO : patience;
  }

  /// Whether it has lasted as long as it was to: its end is none of the server.
  boolean isOver() {
    return System.nanoTime() - begun >= life.most().minusSeconds(1).toNanos();
  }

  /// Whether anything came.
  boolean isHeard() {
    return heard;
  }

  @Override
  public void close() {
    lines.close();
  }
}
