package dev.portcullis.admission.http;

import java.util.function.LongSupplier;

/// One connection, as far as it matters which one has to go for another. For any thread.
final class ConnectionPlace {
  /// What a connection has shown of itself; what is later in the list stays longer.
  enum Standing {
    /// Nothing: no handshake, or no question that was answered.
    NEW,
    /// A question of it was answered.
    ANSWERED,
    /// It has shown a certificate, where one is demanded.
    VERIFIED
  }

  private final PeerAddress peer;
  private final ConnectionDeadline limit;
  private final LongSupplier nanoTime;
  private volatile Standing standing = Standing.NEW;
  private volatile long since;

  ConnectionPlace(PeerAddress peer, ConnectionDeadline limit) {
    this(peer, limit, System::nanoTime);
  }

  /// @param nanoTime as [System#nanoTime]
  ConnectionPlace(PeerAddress peer, ConnectionDeadline limit, LongSupplier nanoTime) {
    this.peer = peer;
    this.limit = limit;
    this.nanoTime = nanoTime;
    this.since = nanoTime.getAsLong();
  }

  PeerAddress peer() {
    return peer;
  }

  ConnectionDeadline limit() {
    return limit;
  }

  Standing standing() {
    return standing;
  }

  /// When it was opened or last answered, by [System#nanoTime].
  long since() {
    return since;
  }

  /// It has shown something.
  ///
  /// @param verified whether that is a certificate that counts, and not only a question
  void shown(boolean verified) {
    standing = verified ? Standing.VERIFIED : Standing.ANSWERED;
    since = nanoTime.getAsLong();
  }

  /// Whether a question is worked on, of one that has shown something.
  boolean busy() {
    return standing != Standing.NEW && limit.running();
  }
}
