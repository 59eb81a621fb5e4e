package dev.portcullis.admission.http;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Turns for requests with large bodies, from before most of a body is read until it is answered.
///
/// Anyone who reaches the port may begin large bodies and not go on. So no request waits for those:
/// one that is still read loses its turn to one that waits, at once where its address holds most,
/// and else when it is read slowly.
final class LargeTurns {
  /// More would not be faster on a webhook's usual two processors.
  private static final int AT_ONCE = 4;

  /// An API server has its 3 MiB sent in less, as they are in its memory.
  private static final Duration SLOW = Duration.ofMillis(500);

  private static final long LOOK_MILLIS = 50;

  private final long patience;
  private final long slow;

  /// Still read, the oldest first, with the moment of their turn.
  private final Map<ConnectionPlace, Long> read = new LinkedHashMap<>();

  private final Set<ConnectionPlace> workedOn = new HashSet<>();
  private final Deque<ConnectionPlace> waiting = new ArrayDeque<>();

  LargeTurns(Duration patience) {
    this(patience, SLOW);
  }

  /// @param slow after which a body that is still read is read slowly
  LargeTurns(Duration patience, Duration slow) {
    this.patience = patience.toNanos();
    this.slow = slow.toNanos();
  }

  /// How many wait for their turn.
  synchronized int waiting() {
    return waiting.size();
  }

  /// Whether it is now this connection's turn; [#left] must follow then.
  synchronized boolean entered(ConnectionPlace connection) throws InterruptedException {
    long end = System.nanoTime() + patience;
    waiting.add(connection);
    try {
      while (!turn(connection)) {
        if (System.nanoTime() - end >= 0) {
          return false;
        }
        wait(LOOK_MILLIS);
      }
      read.put(connection, System.nanoTime());
      return true;
    } finally {
      waiting.remove(connection);
      notifyAll();
    }
  }

  /// Its body is here: it keeps its turn.
  synchronized void whole(ConnectionPlace connection) {
    if (read.remove(connection) != null) {
      workedOn.add(connection);
    }
  }

  synchronized void left(ConnectionPlace connection) {
    read.remove(connection);
    workedOn.remove(connection);
    notifyAll();
  }

  private boolean turn(ConnectionPlace connection) {
    if (waiting.stream().min(Comparator.comparingLong(it -> held(it.peer()))).orElseThrow()
        != connection) {
      return false;
    }
    if (read.size() + workedOn.size() < AT_ONCE) {
      return true;
    }
    ConnectionPlace victim = victim(connection);
    if (victim == null) {
      return false;
    }
    read.remove(victim);
    victim.limit().end();
    return true;
  }

  private @Nullable ConnectionPlace victim(ConnectionPlace connection) {
    long own = held(connection.peer());
    long now = System.nanoTime();
    return read.entrySet().stream()
        .filter(it -> held(it.getKey().peer()) > own + 1 || now - it.getValue() > slow)
        .map(Map.Entry::getKey)
        .max(Comparator.comparingLong(it -> held(it.peer())))
        .orElse(null);
  }

  private long held(PeerAddress peer) {
    return read.keySet().stream().filter(it -> it.peer().equals(peer)).count()
        + workedOn.stream().filter(it -> it.peer().equals(peer)).count();
  }
}
