package dev.portcullis.cri;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the runtime knows of a container.
///
/// @param pid its first process in the node's numbering, from the verbose answer; null where the
///   runtime does not report it, and after the end
/// @param bounding the capabilities that the runtime reports it can have, in names as `CAP_CHOWN`,
///   from the verbose answer; null where the runtime does not report them
public record ContainerStatus(
    String id, State state, @Nullable Long pid, @Nullable Set<String> bounding) {
  public ContainerStatus {
    bounding = bounding == null ? null : Set.copyOf(bounding);
  }

  /// Where a container is in its life.
  public sealed interface State {}

  /// Made, not started.
  public record Created() implements State {}

  /// Its first process runs.
  public record Running(Instant startedAt) implements State {}

  /// Its first process ended, or never began.
  ///
  /// @param exitCode of the process; 128 and the signal's number where a signal ended it
  /// @param reason in one word, such as `Completed`, `Error`, `OOMKilled`, `StartError`
  public record Exited(
      int exitCode, String reason, String message, Instant startedAt, Instant finishedAt)
      implements State {}

  /// The runtime lost it.
  public record Unknown(String reason, String message) implements State {}
}
