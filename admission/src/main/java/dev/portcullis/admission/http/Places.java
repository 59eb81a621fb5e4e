package dev.portcullis.admission.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The connections that are open, and which one has to go for another one.
///
/// Whoever reaches the port may open connections and say nothing, so a new one is not turned away
/// because others sit there: it takes the place of one that has shown less. No address loses one to
/// an address that has more, and a connection that has shown a certificate loses its place to
/// nobody.
final class Places {
  private static final Comparator<ConnectionPlace> FIRST_TO_GO =
      Comparator.comparing(ConnectionPlace::standing)
          .thenComparing(ConnectionPlace::busy)
          .thenComparing((a, b) -> Long.signum(a.since() - b.since()));

  private final int most;
  private final int mostOfAddress;
  private final Consumer<HttpRefusal> refused;
  private final Set<ConnectionPlace> open = new HashSet<>();

  /// @param mostOfAddress of those, for one [PeerAddress]
  /// @param refused told of every connection that was closed for want of places
  Places(int most, int mostOfAddress, Consumer<HttpRefusal> refused) {
    this.most = most;
    this.mostOfAddress = mostOfAddress;
    this.refused = refused;
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

  /// Of the address that has most of those that may go. An address that has as many itself gets
  /// none of others.
  private List<ConnectionPlace> dispensable(List<ConnectionPlace> own) {
    Map<PeerAddress, List<ConnectionPlace>> byAddress =
        open.stream()
            .filter(it -> it.standing() != ConnectionPlace.Standing.VERIFIED)
            .collect(Collectors.groupingBy(ConnectionPlace::peer));
    List<ConnectionPlace> largest =
        byAddress.values().stream().max(Comparator.comparingInt(List::size)).orElse(List.of());
    long mine =
        own.stream().filter(it -> it.standing() != ConnectionPlace.Standing.VERIFIED).count();
    return largest.size() > mine + 1 ? largest : idle(own);
  }

  /// Those that do no harm by their end: nobody waits for an answer that has ever had one.
  private static List<ConnectionPlace> idle(List<ConnectionPlace> own) {
    return own.stream()
        .filter(it -> it.standing() != ConnectionPlace.Standing.VERIFIED && !it.busy())
        .toList();
  }
}
