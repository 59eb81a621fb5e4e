package dev.portcullis.admission.cluster;

import static java.net.HttpURLConnection.HTTP_FORBIDDEN;
import static java.net.HttpURLConnection.HTTP_UNAUTHORIZED;

import dev.portcullis.admission.ruling.Mode;
import dev.portcullis.admission.ruling.NamespaceLookup;
import dev.portcullis.cluster.ApiCollection;
import dev.portcullis.cluster.ApiFailure;
import dev.portcullis.cluster.ClusterConnection;
import dev.portcullis.cluster.ObjectWatch;
import dev.portcullis.cluster.StoredObject;
import dev.portcullis.cluster.WatchPace;
import dev.portcullis.cluster.WatchTarget;
import dev.portcullis.documents.Mapping;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The cluster's namespaces, followed: by which mode of their own they are, and whether they go.
public final class ClusterNamespaces implements NamespaceLookup, AutoCloseable {
  /// What the watch reports comes some milliseconds after the change, on a busy server a second.
  private static final Duration LATEST_WORD = Duration.ofSeconds(2);

  private static final ApiCollection ALL = ApiCollection.of("/api/v1/namespaces");

  private final ClusterConnection connection;
  private final Duration latestWord;
  private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>();
  private final ObjectWatch watch;

  /// @param label null where it has none
  private record Known(@Nullable String label, boolean going) {
    static Known of(StoredObject namespace) {
      String label = namespace.labels().get(Mode.LABEL);
      return new Known(
          // An empty value is a slip of the pen, not an absent label.
          label != null && label.isEmpty() ? " " : label,
          namespace.metadata().present("deletionTimestamp") != null);
    }
  }

  private ClusterNamespaces(ClusterConnection connection, Duration latestWord) {
    this.connection = connection;
    this.latestWord = latestWord;
    this.watch =
        ObjectWatch.start(
            connection,
            ALL,
            new WatchTarget("namespaces", WatchTarget.Need.NEEDED),
            WatchPace.ofReplicas(),
            ObjectWatch.PAGE,
            this::changed,
            known::remove);
  }

  /// Begins to follow the namespaces.
  public static ClusterNamespaces follow(ClusterConnection connection) {
    return follow(connection, LATEST_WORD);
  }

  /// @param latestWord how long after a change the watch may report it
  static ClusterNamespaces follow(ClusterConnection connection, Duration latestWord) {
    return new ClusterNamespaces(connection, latestWord);
  }

  /// Whether the first list is in.
  public boolean synced() {
    return watch.synced();
  }

  @Override
  public @Nullable String modeLabel(String namespace) throws IOException {
    Known seen = known.get(namespace);
    // Else newer than the last word of the watch: a pod can come right behind its namespace.
    return (seen == null ? fetched(namespace) : seen).label();
  }

  /// Whether a namespace is being deleted, or is not there.
  ///
  /// Where the API server refuses the question, what the watch reports counts: when a namespace is
  /// deleted together with our rights, the right to ask goes first, perhaps a moment ago. Any other
  /// failure is one.
  boolean isGoing(String namespace) throws IOException {
    try {
      return fetched(namespace).going();
    } catch (IOException failed) {
      if (isRefusal(failed) && isSeenToGo(namespace)) {
        return true;
      }
      throw failed;
    }
  }

  private static boolean isRefusal(IOException failed) {
    return failed instanceof ApiFailure answer
        && (answer.code() == HTTP_FORBIDDEN || answer.code() == HTTP_UNAUTHORIZED);
  }

  private synchronized boolean isSeenToGo(String namespace) throws InterruptedIOException {
    long deadline = System.nanoTime() + latestWord.toNanos();
    while (true) {
      Known seen = known.get(namespace);
      long left = deadline - System.nanoTime();
      if (seen != null && seen.going()) {
        return true;
      }
      if (left <= 0) {
        return false;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for namespace " + namespace);
      }
    }
  }

  private synchronized void changed(StoredObject namespace) {
    known.put(namespace.name(), Known.of(namespace));
    notifyAll();
  }

  private Known fetched(String name) throws IOException {
    String what = "GET namespace \"" + name + "\"";
    Mapping found = connection.get(ALL.item(name), what);
    if (found == null) {
      return new Known(null, true);
    }
    StoredObject namespace = new StoredObject(found);
    if (!namespace.name().equals(name)) {
      // A proxy in front of an API server may answer yes to everything; such an answer contains no
      // mode.
      throw new IOException(
          "the API server at "
              + connection.server()
              + ": "
              + what
              + ": the answer is something else");
    }
    return Known.of(namespace);
  }

  @Override
  public void close() {
    watch.close();
  }
}
