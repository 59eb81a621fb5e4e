package dev.portcullis.node;

import dev.portcullis.node.truth.NodeInspector;

/// What an agent does beside its proxy, where its administrator asks for it. It begins and ends
/// with the agent.
interface NodeFeature extends AutoCloseable {

  /// Begins. What it needs from outside, such as the API server, need not be there yet.
  void begin();

  /// The containers were inspected. Called by one thread.
  default void looked(NodeInspector.Look look) {}

  /// A container or a sandbox may have been removed.
  default void removed() {}

  /// Whether the containers must be inspected as soon as one starts.
  default boolean followsStarts() {
    return false;
  }

  /// Its lines of `/metrics`; empty where it has none.
  default String metrics() {
    return "";
  }

  /// The agent is about to end: what the feature does by itself ends now. Calls of the kubelet that
  /// are under way may still notify it of containers.
  default void drain() {}

  /// Ends. Called after the last call of the kubelet has ended.
  @Override
  void close();
}
