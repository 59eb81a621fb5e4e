package dev.portcullis.cri;

import java.util.Set;

/// What the runtime reports about its health.
///
/// @param network whether pods get a network of their own; pods on the node's network run without
/// @param handlers the runtime handlers it has; empty where it does not report them
/// @param configuration what it reports about its configuration
public record RuntimeStatus(
    Condition runtime,
    Condition network,
    Set<String> handlers,
    RuntimeConfiguration configuration) {

  public RuntimeStatus {
    handlers = Set.copyOf(handlers);
  }

  /// One thing that is well, or is not.
  ///
  /// @param reason in one word; empty where all is well
  /// @param message for people; may be empty
  public record Condition(boolean ready, String reason, String message) {}
}
