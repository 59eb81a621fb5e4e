package dev.portcullis.cli.running;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How to run, beside what.
///
/// @param endpoint of the runtime; null for a containerd of our own
/// @param handler of the runtime, for pods that name none; empty for its default
/// @param images archives to load before
/// @param time after which the pods are ended; null for never
/// @param keep whether to leave everything running
/// @param table whether the result is for people
public record RunOptions(
    @Nullable String endpoint,
    String handler,
    List<Path> images,
    @Nullable Duration time,
    boolean keep,
    boolean table) {
  public RunOptions {
    images = List.copyOf(images);
  }
}
