package dev.portcullis.node.recording;

import dev.portcullis.kernel.recording.ContainerCalls;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One container that is recorded, and its trace.
final class ContainerTrace {
  private final long ticket;
  private final ContainerCalls calls;
  private @Nullable String id;

  /// Whether the runtime has been seen to have it, and to run it.
  private boolean isThere;

  private boolean isRunning;
  private boolean hasEnded;

  /// @param ticket by which it is known until it has an id; 0 where it has one
  /// @param id null where it is not made yet
  ContainerTrace(long ticket, ContainerCalls calls, @Nullable String id) {
    this.ticket = ticket;
    this.calls = calls;
    this.id = id;
  }

  long ticket() {
    return ticket;
  }

  ContainerCalls calls() {
    return calls;
  }

  void become(String own) {
    id = own;
    calls.become(own);
  }

  /// Whether its container is not made yet.
  boolean isUnmade() {
    return id == null;
  }

  boolean is(String other) {
    return other.equals(id);
  }

  /// What the runtime has and runs now.
  void see(Set<String> there, Set<String> running) {
    String own = id;
    if (own != null) {
      hasEnded |= (isThere && !there.contains(own)) || (isRunning && !running.contains(own));
      isThere |= there.contains(own);
      isRunning |= running.contains(own);
    }
  }

  /// Whether it was seen to have ended.
  boolean hasEnded() {
    return hasEnded;
  }
}
