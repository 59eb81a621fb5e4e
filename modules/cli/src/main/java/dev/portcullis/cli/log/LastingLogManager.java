package dev.portcullis.cli.log;

import java.util.logging.LogManager;

/// A log manager that logs to the end. The JDK's takes all handlers away in a shutdown hook, so
/// that nothing is heard of a process from the signal on: neither that it drains, nor whom it
/// refuses.
public final class LastingLogManager extends LogManager {

  /// Called by the JDK, by name.
  public LastingLogManager() {}

  @Override
  public void reset() {
    // The handlers that are there are the ones that were meant.
  }
}
