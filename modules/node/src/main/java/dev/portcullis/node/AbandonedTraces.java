package dev.portcullis.node;

import dev.portcullis.kernel.trace.TraceInstance;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/// What an agent that was killed while it watched system calls has left in the kernel.
final class AbandonedTraces {
  private static final Logger LOG = Logger.getLogger(AbandonedTraces.class.getName());

  private AbandonedTraces() {}

  /// Removes them. An agent works without that, too.
  static void remove() {
    try {
      TraceInstance.removeAbandoned();
    } catch (IOException e) {
      LOG.log(Level.INFO, "cannot look for traces that an agent left behind: {0}", e);
    }
  }
}
