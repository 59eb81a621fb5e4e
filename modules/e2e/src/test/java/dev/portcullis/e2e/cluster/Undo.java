package dev.portcullis.e2e.cluster;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What has to be undone, the last first. A step that fails keeps no other from being taken.
final class Undo implements AutoCloseable {
  private final Deque<AutoCloseable> steps = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T step) {
    steps.push(step);
    return step;
  }

  @Override
  @SuppressWarnings("CatchingUnchecked") // whatever it is, the other steps are taken
  public void close() throws IOException {
    @Nullable IOException failure = null;
    while (!steps.isEmpty()) {
      try {
        steps.pop().close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new IOException("the cluster left something behind: " + e.getMessage(), e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
