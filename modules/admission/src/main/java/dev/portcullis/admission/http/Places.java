package dev.portcullis.admission.http;

import dev.portcullis.admission.http.ConnectionPlace.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/// The connections that are open, and which one has to go for another one.
///
/// Anyone who reaches the port may open connections and send nothing, so a new one is not turned
/// away because others sit there: it takes the place of one that has shown less: of the address
/// that has most of those that have shown nothing, or that had time enough to show something. Those
/// with an answer go where those that have shown nothing are few, and never to an address that has
/// more. A connection that has shown a certificate never loses its place.
final class Places {
  private static final Comparator<ConnectionPlace> FIRST_TO_GO =
      Comparator.comparing(ConnectionPlace::standing)
          .thenComparing(ConnectionPlace::busy)
          .thenComparing((a, b) -> Long.signum(a.since() - b.since()));

  private final int most;
  private final int mostOfAddress;
  private final long fresh;
  private final Consumer<HttpRefusal> refused;
  private final LongSupplier nanoTime;
  private final Set<ConnectionPlace> open = new HashSet<>();

  /// @param mostOfAddress of those, for one [PeerAddress]
  /// @param fresh time in which a connection shows something
  /// @param refused called for every connection that was closed for want of places
  Places(int most, int mostOfAddress, Duration fresh, Consumer<HttpRefusal> refused) {
    this(most, mostOfAddress, fresh, refused, System::nanoTime);
  }

  /// @param nanoTime the clock of [ConnectionPlace#since]
  Places(
      int most,
      int mostOfAddress,
      Duration fresh,
      Consumer<HttpRefusal> refused,
      LongSupplier nanoTime) {
    this.most = most;
    this.mostOfAddress = mostOfAddress;
    this.fresh = fresh.toNanos();
    this.refused = refused;
    this.nanoTime = nanoTime;
  }

  /// Whether there is a place for a connection; [#leave] must follow then.
  synchronized boolean enter(ConnectionPlace connection) {
    List<ConnectionPlace> own =
        open.stream().filter(it -> it.peer().equals(connection.peer())).toList();
    boolean addressIsFull = own.size() >= mostOfAddress;
    if ((addressIsFull || open.size() >= most)
        && !displaced(addressIsFull ? idle(own) : dispensable(own))) {
      refused.accept(addressIsFull ? HttpRefusal.ADDRESS_LIMIT : HttpRefusal.CONNECTION_LIMIT);
      return false;
    }
    open.add(connection);
    return true;
  }

  synchronized void leave(ConnectionPlace connection) {
    open.remove(connection);
  }

  synchronized List<ConnectionPlace> open() {
    return new ArrayList<>(open);
  }

  private boolean displaced(List<ConnectionPlace> candidates) {
    ConnectionPlace victim = candidates.stream().min(FIRST_TO_GO).orElse(null);
    if (victim == null) {
      return false;
    }
    open.remove(victim);
    refused.accept(HttpRefusal.DISPLACED);
    victim.limit().end();
    return true;
  }

  /// Those that have shown nothing go first. Where they hold most places, no other goes for a
  /// connection that has shown nothing itself.
  private List<ConnectionPlace> dispensable(List<ConnectionPlace> own) {
    List<ConnectionPlace> unproven = of(open, Standing.NEW);
    List<ConnectionPlace> first = ofLargest(unproven, of(own, Standing.NEW).size());
    if (first.isEmpty()) {
      first = ofLargest(unproven.stream().filter(this::stale).toList(), -1);
    }
    if (first.isEmpty() && unproven.size() * 2 < most) {
      long mine = own.stream().filter(it -> it.standing() != Standing.VERIFIED).count();
      first = ofLargest(of(open, Standing.ANSWERED), mine);
    }
    return first.isEmpty() ? idle(own) : first;
  }

  private static List<ConnectionPlace> of(Collection<ConnectionPlace> some, Standing standing) {
    return some.stream().filter(it -> it.standing() == standing).toList();
  }

  /// Those of the address that has most of them, or the addresses; none where a newcomer would then
  /// have more.
  ///
  /// @param mine how many of them the newcomer's address has
  private static List<ConnectionPlace> ofLargest(List<ConnectionPlace> some, long mine) {
    Collection<List<ConnectionPlace>> ofEach =
        some.stream().collect(Collectors.groupingBy(ConnectionPlace::peer)).values();
    int largest = ofEach.stream().mapToInt(List::size).max().orElse(0);
    return largest > mine + 1
        ? ofEach.stream().filter(it -> it.size() == largest).flatMap(List::stream).toList()
        : List.of();
  }

  /// Whether it has had its time to show something.
  private boolean stale(ConnectionPlace connection) {
    return nanoTime.getAsLong() - connection.since() > fresh;
  }

  /// Those whose end does no harm: no client that ever had an answer waits for one.
  private static List<ConnectionPlace> idle(List<ConnectionPlace> own) {
    return own.stream().filter(it -> it.standing() != Standing.VERIFIED && !it.busy()).toList();
  }
}
